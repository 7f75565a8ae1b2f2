#pragma once

#include "handlers/ports/clock.hpp"

#include <string>

namespace ringi::runtime {

// The system's clock. Thread-safe.
class SystemClock final : public ports::Clock {
 public:
  Time now() const override;
};

// Goes on at its pace whatever becomes of the system's clock, from a beginning that means nothing:
// for distances alone. Thread-safe.
class SteadyClock final : public ports::Clock {
 public:
  Time now() const override;
};

// ULIDs: 48 bits of milliseconds and 80 random bits from the system. Thread-safe.
class Ulids final : public ports::Ids {
 public:
  explicit Ulids(const ports::Clock& clock) : clock_(clock) {}
  OpaqueId next() override;

 private:
  const ports::Clock& clock_;
};

// A random UUID (RFC 9562, version 4), from the system. Thread-safe.
std::string uuid();

// Uniform in [0, 1), for jitter only. Thread-safe.
double chance();

}  // namespace ringi::runtime
