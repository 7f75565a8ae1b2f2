#pragma once

#include "server/ledger/key.hpp"

#include <string>

namespace ringi::ledger::test {

// The key of golang.org/x/mod/sumdb/note's own tests (BSD-3-Clause), public since 2019.
inline constexpr const char* private_pem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIIEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
    "-----END PRIVATE KEY-----\n";
inline constexpr const char* public_pem =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEAGlzZBxQ8OExB6DDFvOEqqIF+xWSaqr8sMTiLNbLXRNY=\n"
    "-----END PUBLIC KEY-----\n";

inline constexpr const char* origin = "chatops.example.com/ringi";

inline SigningKey key(const std::string& name = origin) {
  return SigningKey::from_pem(name, private_pem).value();
}

}  // namespace ringi::ledger::test
