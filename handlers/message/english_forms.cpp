#include "handlers/message/english_card.hpp"

namespace ringi::message::english {

View decision_form(bool approved, const Text& about) {
  View view;
  view.callback_id = approved ? "approval.approve" : "approval.reject";
  view.title = approved ? "Approve this deployment" : "Reject this deployment";
  view.submit = approved ? "Approve" : "Reject";
  view.close = "Back";
  view.blocks.emplace_back(Section{about});
  view.blocks.emplace_back(Input{.block_id = "reason",
                                 .label = "Reason",
                                 .hint = "It is recorded and shown on the card.",
                                 .multiline = true,
                                 .max_length = 300});
  return view;
}

Text looked_up() {
  return "ringi looks up what this decides on. If nothing follows, go back and press again.";
}

Text not_known_now(const Error& why) {
  return "not known: AWS cannot be read now (" + code(code_of(why), 80) + ")";
}

View form_about_nothing() {
  View view;
  view.callback_id = "nothing";
  view.title = "Nothing to show";
  view.close = "Close";
  view.blocks.emplace_back(
      Section{"This button belongs to nothing that ringi knows, or that you may see."});
  return view;
}

Message form_not_opened(const Error& why, std::string_view short_id) {
  const bool lost = is_transient(why.code);
  const Text head = lost ? Text{"Slack did not say whether the form opened ("}
                         : Text{"Slack did not open the form ("};
  return said(head + code(code_of(why), 80) +
              "). Nothing was decided: press the button again if you do not see it. " +
              code(short_id));
}

}  // namespace ringi::message::english
