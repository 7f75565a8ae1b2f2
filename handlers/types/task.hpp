#pragma once

#include <boost/asio/awaitable.hpp>

namespace ringi {

// A coroutine on the one I/O thread. Awaited children may take references; spawned ones take
// values.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace ringi
