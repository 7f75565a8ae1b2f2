#pragma once

#include "handlers/catalog/catalog.hpp"
#include "server/app/aws_side.hpp"
#include "server/app/slack_side.hpp"
#include "server/slack/replies.hpp"

namespace ringi::app {

// What ringi does for people, given what it needs.
struct Handlers {
  Handlers(World& world, Rows& rows, SlackSide& slack, AwsSide& aws, ports::Accounts& accounts);

  permission::Gate gate;
  pipeline::PipelineClient client;
  pipeline::Pipelines pipelines;
  pipeline::Resolver resolver;
  pipeline::Board board;
  pipeline::Settle settle;
  pipeline::Gone gone;
  pipeline::Timeouts timeouts;
  pipeline::Refresh refresh;
  pipeline::Start start;
  pipeline::Overview overview;
  pipeline::Decide decide;
  pipeline::Forms forms;
  pipeline::Apply apply;
  pipeline::Notice notice;
  pipeline::Reconcile reconcile;
  desk::Desk desk;
  desk::Inquiry inquiry;
  desk::AccountMoves moves;
  catalog::Catalog catalog;
};

// The catalog as the session sees it: answers from memory.
class CatalogReplies final : public slack::Replies {
 public:
  explicit CatalogReplies(const catalog::Catalog& catalog) : catalog_(catalog) {}
  std::string reply(const Command& command) override { return catalog_.reply(command); }
  std::optional<message::View> opens_form(const Click& click) override {
    return catalog::Catalog::opens_form(click);
  }
  std::optional<std::string> refuse(const Submission& submission) override {
    return catalog::Catalog::refuse(submission);
  }

 private:
  const catalog::Catalog& catalog_;
};

}  // namespace ringi::app
