#pragma once

#include "handlers/types/result.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace ringi::http {

using Network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;

// "10.0.0.0/8", "2001:db8::/32", or one address. The error names the text that is none.
Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts);

// An IPv4 client of a dual-stack socket shows up as ::ffff:a.b.c.d; this is what it is.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

// Whom a cap counts as one: an IPv4 address, and of IPv6 the /64 that a single host is given.
boost::asio::ip::address counted_as(const boost::asio::ip::address& peer);

enum class Room { there, full_for_peer, full };

// How many connections stand, in all and for each peer. Trusted networks (load balancers) count in
// all, but not for themselves: all of our clients come from there.
class ConnectionCaps {
 public:
  ConnectionCaps(std::size_t in_all, std::size_t per_peer, std::vector<Network> trusted);

  Room room_for(const boost::asio::ip::address& peer) const;
  void enter(const boost::asio::ip::address& peer);
  void leave(const boost::asio::ip::address& peer);  // REQUIRES: entered before
  std::size_t size() const { return total_; }

 private:
  std::size_t in_all_;
  std::size_t per_peer_;
  std::vector<Network> trusted_;
  std::size_t total_ = 0;
  std::map<boost::asio::ip::address, std::size_t> peers_;
};

}  // namespace ringi::http
