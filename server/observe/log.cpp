#include "server/observe/log.hpp"

#include "server/observe/logger.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

template void fmt::detail::vformat_to<char>(fmt::detail::buffer<char>&, fmt::string_view,
                                            fmt::basic_format_args<fmt::buffer_context<char>>,
                                            fmt::detail::locale_ref);

namespace ringi::observe {
namespace {

constexpr char message_flag = '*';

// How many bytes the control character takes that `text` begins with; 0: it begins with another.
// U+0080 to U+009F command a terminal as well, U+009B as ESC [ does.
std::size_t control_size(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  const bool is_c1 = text.size() > 1 && byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) <= 0x9f;
  return is_c1 ? 2 : 0;
}

// The message with its control characters written out: what a service or a person said must neither
// begin a line that looks like ours nor command a terminal.
class OneLine final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::string_view text{message.payload.data(), message.payload.size()};
    for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
      size = control_size(text.substr(at));
      if (size == 0) {
        out.push_back(text[at]);
        size = 1;
        continue;
      }
      for (const char c : text.substr(at, size)) {
        const auto byte = static_cast<unsigned char>(c);
        for (const char shown : {'\\', 'x', digits[byte >> 4], digits[byte & 0xf]})
          out.push_back(shown);
      }
    }
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<OneLine>();
  }
};

}  // namespace

Log make_log(const std::string& level) {
  auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  auto log = std::make_shared<spdlog::logger>("ringi", std::move(sink));
  log->set_level(spdlog::level::from_str(level));
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<OneLine>(message_flag).set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %*");
  log->set_formatter(std::move(formatter));
  log->flush_on(spdlog::level::info);
  return log;
}

}  // namespace ringi::observe
