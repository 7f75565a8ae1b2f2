#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/slack.hpp"
#include "server/observe/log.hpp"
#include "server/slack/form_opener.hpp"

namespace ringi::slack {

class WebApi;

// views.open, once.
class WebFormOpener final : public FormOpener {
 public:
  WebFormOpener(WebApi& api, ports::Slack& voice, ports::Ids& ids, observe::Log log)
      : api_(api), voice_(voice), ids_(ids), log_(std::move(log)) {}

  Task<Result<std::string>> open(Click click, message::View view) override;

 private:
  WebApi& api_;
  ports::Slack& voice_;
  ports::Ids& ids_;
  observe::Log log_;
};

}  // namespace ringi::slack
