#include "server/slack/web_form_opener.hpp"

#include "handlers/message/english_card.hpp"
#include "server/observe/logger.hpp"
#include "server/slack/methods.hpp"
#include "server/slack/slack_error.hpp"

namespace ringi::slack {

Task<Result<std::string>> WebFormOpener::open(Click click, message::View view) {
  auto body = message::json_text(view);
  auto opened = co_await open_view(api_, std::move(click.trigger_id), std::move(body));
  if (opened.has_value()) co_return opened;
  const auto& why = opened.error();
  const auto id = short_id(ids_.next());
  log_->warn("form not opened form={} id={} error=\"{}\"", view.callback_id, id, why.log.text);
  // Delivered twice: the first opened it.
  if (parse_slack_error(why.service_code) == SlackError::exchanged_trigger_id) co_return opened;
  auto answer = message::english::form_not_opened(why, id);
  (void)co_await voice_.tell(std::move(click.caller), std::move(click.via), std::move(answer));
  co_return opened;
}

}  // namespace ringi::slack
