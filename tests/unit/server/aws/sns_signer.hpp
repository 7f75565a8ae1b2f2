#pragma once

#include "handlers/types/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>

struct evp_pkey_st;

namespace ringi::aws::test {

// A signing certificate of our own, and messages signed with its key as SNS signs them.
class SnsSigner {
 public:
  struct Shape {
    std::string name = "sns.amazonaws.com";
    Time not_before = *parse_rfc3339("2026-01-01T00:00:00Z");
    Time not_after = *parse_rfc3339("2027-01-01T00:00:00Z");
    bool elliptic = false;
    unsigned bits = 2048;
  };
  explicit SnsSigner(Shape shape);

  const std::string& pem() const { return pem_; }
  // Adds Signature; what else stands in the message is the test's affair.
  nlohmann::json signed_message(nlohmann::json message) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::string pem_;
};

}  // namespace ringi::aws::test
