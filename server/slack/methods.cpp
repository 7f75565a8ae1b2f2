#include "server/slack/methods.hpp"

#include "server/slack/slack_error.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {

using nlohmann::json;

namespace {

Error unexpected(Method method) {
  return error(Errc::internal,
               "Slack's " + std::string{name_of(method)} + " answered in an unknown shape");
}

std::string text_at(const json& object, const char* name) {
  const auto found = object.is_object() ? object.find(name) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<void> done(const Result<json>& answer) {
  if (answer.has_error()) return answer.error();
  return {};
}

// REQUIRES: `body` is JSON of our own making.
json message_args(const std::string& body, const SlackChannel& channel) {
  auto args = json::parse(body);
  args["channel"] = channel.str();
  return args;
}

json post_args(const std::string& body, const SlackChannel& channel,
               const std::optional<MessageTs>& thread) {
  auto args = message_args(body, channel);
  if (thread && !thread->empty()) args["thread_ts"] = thread->str();
  return args;
}

// `list` of objects with an id and a name; what has neither is left out.
template <class Id>
void collect(const json& list, const char* name, std::map<std::string, Id>& into) {
  for (const auto& row : list) {
    const auto id = Id::parse(text_at(row, "id"));
    if (id) into.insert_or_assign(text_at(row, name), *id);
  }
}

}  // namespace

Task<Result<PostedAt>> post_message(WebApi& api, SlackChannel channel,
                                    std::optional<MessageTs> thread, std::string body,
                                    Duration patience) {
  auto args = post_args(body, channel, thread);
  args["unfurl_links"] = false;
  args["unfurl_media"] = false;
  const auto answer = co_await api.call(Method::chat_post_message, std::move(args), patience);
  if (answer.has_error()) co_return answer.error();
  const auto where = SlackChannel::parse(text_at(*answer, "channel"));
  const auto ts = MessageTs::parse(text_at(*answer, "ts"));
  if (!ts) {
    auto failure = unexpected(Method::chat_post_message);
    failure.code = Errc::unknown_outcome;  // it stands, but nobody knows where
    co_return failure;
  }
  co_return PostedAt{where.value_or(channel), *ts};
}

Task<Result<void>> post_ephemeral(WebApi& api, SlackChannel channel, SlackUser user,
                                  std::optional<MessageTs> thread, std::string body) {
  auto args = post_args(body, channel, thread);
  args["user"] = user.str();
  const auto answer = co_await api.call(Method::chat_post_ephemeral, std::move(args));
  co_return done(answer);
}

Task<Result<void>> update_message(WebApi& api, SlackChannel channel, MessageTs ts, std::string body,
                                  Duration patience) {
  auto args = message_args(body, channel);
  args["ts"] = ts.str();
  // What is absent would be kept: a card that loses its colour bar must lose its attachment.
  if (!args.contains("attachments")) args["attachments"] = json::array();
  if (!args.contains("blocks")) args["blocks"] = json::array();
  const auto answer = co_await api.call(Method::chat_update, std::move(args), patience);
  co_return done(answer);
}

Task<Result<void>> delete_message(WebApi& api, SlackChannel channel, MessageTs ts,
                                  Duration patience) {
  json args{{"channel", channel.str()}, {"ts", ts.str()}};
  const auto answer = co_await api.call(Method::chat_delete, std::move(args), patience);
  const bool gone = answer.has_error() &&
                    parse_slack_error(answer.error().service_code) == SlackError::message_not_found;
  if (gone) co_return Result<void>{};
  co_return done(answer);
}

Task<Result<std::string>> get_permalink(WebApi& api, SlackChannel channel, MessageTs ts) {
  json args{{"channel", channel.str()}, {"message_ts", ts.str()}};
  const auto answer = co_await api.call(Method::chat_get_permalink, std::move(args));
  if (answer.has_error()) co_return answer.error();
  auto link = text_at(*answer, "permalink");
  if (link.empty()) co_return unexpected(Method::chat_get_permalink);
  co_return link;
}

Task<Result<std::string>> open_view(WebApi& api, std::string trigger_id, std::string view) {
  json args{{"trigger_id", std::move(trigger_id)}, {"view", json::parse(view)}};
  const auto answer = co_await api.call(Method::views_open, std::move(args));
  if (answer.has_error()) co_return answer.error();
  auto id = text_at(answer->value("view", json{}), "id");
  if (id.empty()) co_return unexpected(Method::views_open);
  co_return id;
}

Task<Result<void>> update_view(WebApi& api, std::string view_id, std::string view) {
  json args{{"view_id", std::move(view_id)}, {"view", json::parse(view)}};
  const auto answer = co_await api.call(Method::views_update, std::move(args));
  co_return done(answer);
}

Task<Result<SlackChannel>> open_direct_message(WebApi& api, SlackUser user) {
  json args{{"users", user.str()}};
  const auto answer = co_await api.call(Method::conversations_open, std::move(args));
  if (answer.has_error()) co_return answer.error();
  const auto channel = SlackChannel::parse(text_at(answer->value("channel", json{}), "id"));
  if (!channel) co_return unexpected(Method::conversations_open);
  co_return *channel;
}

Task<Result<json>> user_info(WebApi& api, SlackUser user) {
  json args{{"user", user.str()}};
  const auto answer = co_await api.call(Method::users_info, std::move(args));
  if (answer.has_error()) co_return answer.error();
  const auto found = answer->find("user");
  if (found == answer->end() || !found->is_object()) co_return unexpected(Method::users_info);
  co_return Result<json>{boost::system::in_place_value, *found};
}

Task<Result<json>> channel_info(WebApi& api, SlackChannel channel) {
  json args{{"channel", channel.str()}};
  const auto answer = co_await api.call(Method::conversations_info, std::move(args));
  if (answer.has_error()) co_return answer.error();
  const auto found = answer->find("channel");
  if (found == answer->end() || !found->is_object())
    co_return unexpected(Method::conversations_info);
  co_return Result<json>{boost::system::in_place_value, *found};
}

Task<Result<std::vector<SlackUser>>> group_members(WebApi& api, SlackGroup group) {
  json args{{"usergroup", group.str()}};
  const auto answer = co_await api.call(Method::usergroups_users_list, std::move(args));
  if (answer.has_error()) co_return answer.error();
  const auto users = answer->find("users");
  if (users == answer->end() || !users->is_array())
    co_return unexpected(Method::usergroups_users_list);
  std::vector<SlackUser> members;
  for (const auto& user : *users) {
    const auto id = user.is_string() ? SlackUser::parse(user.get<std::string>()) : std::nullopt;
    if (!id)
      co_return unexpected(
          Method::usergroups_users_list);  // a half-read group would allow or deny wrongly
    members.push_back(*id);
  }
  co_return members;
}

Task<Result<std::map<std::string, SlackGroup>>> list_groups(WebApi& api) {
  const auto answer = co_await api.call(Method::usergroups_list, json::object());
  if (answer.has_error()) co_return answer.error();
  std::map<std::string, SlackGroup> groups;
  collect(answer->value("usergroups", json::array()), "handle", groups);
  co_return groups;
}

Task<Result<std::map<std::string, SlackChannel>>> list_channels(WebApi& api) {
  constexpr int most_pages = 500;  // of 200 channels: a cursor that never ends must not hold us
  std::map<std::string, SlackChannel> channels;
  json args{
      {"types", "public_channel,private_channel"}, {"exclude_archived", true}, {"limit", 200}};
  for (int page = 0; page < most_pages; ++page) {
    const auto answer = co_await api.call(Method::conversations_list, args);
    if (answer.has_error()) co_return answer.error();
    collect(answer->value("channels", json::array()), "name", channels);
    auto cursor = text_at(answer->value("response_metadata", json{}), "next_cursor");
    if (cursor.empty()) break;
    args["cursor"] = std::move(cursor);
  }
  co_return channels;
}

Task<Result<json>> auth_test(WebApi& api) {
  auto answer = co_await api.call(Method::auth_test, json::object());
  co_return answer;
}

}  // namespace ringi::slack
