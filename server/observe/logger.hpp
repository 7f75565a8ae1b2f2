#pragma once

#include "server/observe/log.hpp"

#include <fmt/format.h>
#include <spdlog/logger.h>

// For the files that write lines. spdlog formats through this template, and fmt 9 does not declare
// it as compiled elsewhere: log.cpp does it once, instead of each of those files, for seconds.
extern template void fmt::detail::vformat_to<char>(
    fmt::detail::buffer<char>&, fmt::string_view, fmt::basic_format_args<fmt::buffer_context<char>>,
    fmt::detail::locale_ref);
