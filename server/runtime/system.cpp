#include "server/runtime/system.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <random>
#include <string_view>
#include <sys/random.h>
#include <system_error>

namespace ringi::runtime {
namespace {

constexpr std::string_view crockford =
    "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // base 32 of the ULID spec
constexpr std::size_t time_letters = 10;
constexpr std::size_t random_letters = 16;

std::array<unsigned char, random_letters> random_bytes() {
  std::array<unsigned char, random_letters> bytes{};
  while (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) throw std::system_error{errno, std::generic_category(), "getrandom"};
  }
  return bytes;
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Time SteadyClock::now() const {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<Duration>(since)};
}

OpaqueId Ulids::next() {
  auto millis = static_cast<std::uint64_t>(unix_micros(clock_.now()) / 1000);
  std::string text(time_letters, '0');
  for (std::size_t i = time_letters; i-- > 0; millis /= crockford.size()) {
    text[i] = crockford[millis % crockford.size()];
  }
  for (const auto byte : random_bytes()) text += crockford[byte % crockford.size()];
  return *OpaqueId::parse(text);
}

std::string uuid() {
  constexpr std::string_view hex = "0123456789abcdef";
  auto bytes = random_bytes();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);  // the version
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);  // the variant
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hex[bytes[i] >> 4];
    text += hex[bytes[i] & 0x0f];
  }
  return text;
}

double chance() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(generator);
}

}  // namespace ringi::runtime
