#include "server/ledger/signing_appender.hpp"

#include "server/ledger/canonical.hpp"
#include "server/ledger/checkpoint.hpp"
#include "server/ledger/entry_json.hpp"
#include "server/ledger/key.hpp"
#include "server/ledger/merkle.hpp"
#include "server/ledger/redact.hpp"
#include "server/ledger/tail.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>
#include <utility>

namespace ringi::ledger {
namespace {

class SigningAppender final : public Appender {
 public:
  SigningAppender(SigningKey key, Redactor redactor, std::function<std::string()> config_hash)
      : key_(std::move(key)),
        redactor_(std::move(redactor)),
        config_hash_(std::move(config_hash)) {}

  Leaf leaf(std::int64_t seq, Time time, const ports::Entry& entry) const override {
    const std::string config = config_hash_ ? config_hash_() : std::string{};
    std::string json = canonical(entry_json(seq, time, entry, config, redactor_)).value();
    std::string hash = crypto::to_hex(leaf_hash(json));
    return {seq, std::move(json), std::move(hash)};
  }

  Tail extend(Tail tail, const Leaf& leaf) const override {
    if (leaf.seq != tail.size + 1) throw std::invalid_argument("a ledger entry out of order");
    const auto hash = crypto::hash_from_hex(leaf.hash);
    if (!hash) throw std::invalid_argument("a leaf without its hash");
    Edge edge = edge_of(tail);
    edge.append(*hash);
    return tail_of(edge);
  }

  // A checkpoint bears no time: who publishes it gives it one.
  std::string checkpoint(const Tail& tail, Time) const override {
    const Edge edge = edge_of(tail);
    return sign_checkpoint({edge.size(), edge.root()}, key_);
  }

 private:
  SigningKey key_;
  Redactor redactor_;
  std::function<std::string()> config_hash_;
};

}  // namespace

Result<std::unique_ptr<Appender>> make_appender(AppenderOptions options) {
  if (!is_key_name(options.origin)) {
    return error(Errc::invalid, "[ledger] origin: must not be empty nor hold spaces or \"+\"");
  }
  auto key = SigningKey::from_pem(std::move(options.origin), options.private_key_pem);
  if (key.has_error()) return error(key.error().code, "[ledger] key: " + key.error().log.text);
  return std::make_unique<SigningAppender>(std::move(*key),
                                           Redactor{std::move(options.redact_variables)},
                                           std::move(options.config_hash));
}

}  // namespace ringi::ledger
