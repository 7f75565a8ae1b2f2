#pragma once

#include "handlers/message/english.hpp"

namespace ringi::message::english {

// Answers that list: /deploy, /deploy list, pending, status.
Text nothing_waits();
Text nothing_to_start();
Text nothing_found();
Text never_ran();
Text nothing_pending();
Text pending_heading();
Text pipelines_heading();
Text which_one();
Text waiting_heading();
Text startable_heading();
Text waiting_item(const Place& place, std::string_view action, std::optional<Time> since,
                  std::string_view card_url);
Text startable_item(const Place& place, const Text& last, std::optional<Time> when, const Text& by);
Text execution_item(std::string_view status, std::string_view execution, std::optional<Time> when,
                    const Text& revision, std::string_view url);
Text own_start();  // it waits, and not for whoever started it
Text and_more(std::size_t count);
Text and_more_to_start(std::size_t count, std::string_view deploy);
Text and_more_waiting(std::size_t count);
Text no_answer_from(const std::vector<std::string>& places, std::string_view code);
Text home_text(std::size_t waiting, std::size_t startable);
Message list_of(const Text& heading, const std::vector<Text>& lines);

}  // namespace ringi::message::english
