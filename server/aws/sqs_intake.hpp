#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/sqs_message.hpp"
#include "server/config/config.hpp"
#include "server/store/intake.hpp"

#include <string>
#include <string_view>

namespace ringi::aws {

class SnsVerifier;

// What became of a message's body.
struct Taken {
  enum class What {
    stored,
    repeat,  // stored before, by whichever way it came
    waits,   // for the store; may be tried again
    poison,  // nobody can carry it out as things are
  };
  What what = What::stored;
  std::string_view reason = {};  // of poison: one word, as in sentence_of()
};

// Stores what came through a queue: verified as over HTTPS, but whatever its age.
class SqsIntake {
 public:
  SqsIntake(SnsVerifier& verifier, store::Intake& intake) : verifier_(verifier), intake_(intake) {}

  Task<Taken> take(std::string body);
  // Kept as a job, whole, so that one message holds up no queue: tried again where the reason may
  // pass, then failed for good with it: told, listed, and there until somebody drops it or, once
  // the reason is mended, tries it again.
  Task<Taken> set_aside(const config::Queue& queue, SqsMessage message, std::string_view reason);

 private:
  Task<Taken> take_envelope(SnsEnvelope envelope);
  Task<Taken> store(store::Incoming incoming);

  SnsVerifier& verifier_;
  store::Intake& intake_;
};

// The job of set_aside().
inline constexpr const char* poison_kind = "sqs.poison";
struct SetAside {
  std::string queue, message;  // ARN and MessageId
  std::string body;
};
Chore chore_of(const SetAside& poison);
std::optional<SetAside> set_aside_in(const Chore& chore);

// "its topic is none of [aws.sns] topics": why, and what mends it.
std::string_view sentence_of(std::string_view reason);

}  // namespace ringi::aws
