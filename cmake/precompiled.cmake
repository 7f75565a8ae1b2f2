# What most files include from outside, parsed once. It only saves time: every file still includes what it uses,
# which clang-tidy's run proves, for it compiles each file without this.
set(RINGI_PRECOMPILED
  <algorithm> <array> <chrono> <functional> <map> <memory> <optional> <set> <string> <string_view> <utility> <variant> <vector>
  <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/experimental/awaitable_operators.hpp>
  <boost/asio/io_context.hpp> <boost/asio/steady_timer.hpp> <boost/asio/thread_pool.hpp> <boost/asio/use_awaitable.hpp>
  <boost/system/result.hpp> <nlohmann/json.hpp>)

add_library(ringi_precompiled STATIC ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
target_link_libraries(ringi_precompiled PUBLIC ringi_options ringi::asio ringi::json)
# The time of the headers' files is not part of it: ccache keeps it for the next checkout.
target_compile_options(ringi_precompiled PRIVATE -Xclang -fno-pch-timestamp)
target_precompile_headers(ringi_precompiled PRIVATE ${RINGI_PRECOMPILED})

# For rooms that link Asio, directly or through another room: it cannot be included without.
function(ringi_precompile target)
  target_compile_options(${target} PRIVATE -Xclang -fno-pch-timestamp)
  target_precompile_headers(${target} REUSE_FROM ringi_precompiled)
  set_target_properties(${target} PROPERTIES RINGI_PRECOMPILED ON)
endfunction()
