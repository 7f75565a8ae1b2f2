#pragma once

#include "handlers/types/result.hpp"

#include <string>

namespace ringi::net {

// Where a URL leads, as libcurl itself reads it: what is checked is what is called.
struct Address {
  std::string scheme;  // "https" or "http"
  std::string host;    // lower case; IPv6 in brackets
  std::string port;    // "443" where the URL names none
  std::string path;    // "/" at least
};

// Errc::invalid for anything but an absolute http(s) URL without user information.
Result<Address> parse_address(const std::string& url);

// A plain base address, as somebody writes it down: "https://HOST" or "https://HOST:PORT" and a
// path, visible characters, no query, no fragment.
Result<Address> parse_base_address(const std::string& url);

// "sts.eu-west-1.amazonaws.com", "127.0.0.1:4566": as the Host header has it, without the port that
// the scheme implies.
std::string authority(const Address& address);

bool is_loopback(const Address& address);

// The credential endpoints of AWS containers, EKS pods and instances. Source: AWS SDKs and Tools
// Reference Guide, "Container credential provider" and "IMDS credential provider".
bool is_credential_endpoint(const Address& address);

// parse_address and the rule: https; http only on this machine and to credential endpoints.
Result<Address> allowed_address(const std::string& url);

}  // namespace ringi::net
