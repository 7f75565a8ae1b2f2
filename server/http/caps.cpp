#include "server/http/caps.hpp"

#include <algorithm>
#include <optional>

namespace ringi::http {

namespace ip = boost::asio::ip;

namespace {

bool contains(const Network& network, const ip::address& peer) {
  if (const auto* v4 = std::get_if<ip::network_v4>(&network)) {
    if (!peer.is_v4()) return false;
    return ip::network_v4{peer.to_v4(), v4->prefix_length()}.canonical() == v4->canonical();
  }
  if (!peer.is_v6()) return false;
  const auto& v6 = std::get<ip::network_v6>(network);
  return ip::network_v6{peer.to_v6(), v6.prefix_length()}.canonical() == v6.canonical();
}

std::optional<Network> parse_network(const std::string& text) {
  boost::system::error_code error;
  const auto alone = ip::make_address(text, error);
  if (!error && alone.is_v4()) return ip::network_v4{alone.to_v4(), 32};
  if (!error) return ip::network_v6{alone.to_v6(), 128};
  const auto v4 = ip::make_network_v4(text, error);
  if (!error) return v4;
  const auto v6 = ip::make_network_v6(text, error);
  if (!error) return v6;
  return std::nullopt;
}

}  // namespace

Result<std::vector<Network>> parse_networks(const std::vector<std::string>& texts) {
  std::vector<Network> networks;
  for (const auto& text : texts) {
    const auto network = parse_network(text);
    if (!network) return error(Errc::invalid, "\"" + text + "\" is no network (10.0.0.0/8)");
    networks.push_back(*network);
  }
  return networks;
}

ip::address unmapped(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

ip::address counted_as(const ip::address& peer) {
  constexpr unsigned short one_host = 64;
  if (!peer.is_v6()) return peer;
  return ip::network_v6{peer.to_v6(), one_host}.network();
}

ConnectionCaps::ConnectionCaps(std::size_t in_all, std::size_t per_peer,
                               std::vector<Network> trusted)
    : in_all_(in_all), per_peer_(per_peer), trusted_(std::move(trusted)) {}

Room ConnectionCaps::room_for(const ip::address& peer) const {
  const auto trusted = [&peer](const Network& network) { return contains(network, peer); };
  const auto count = peers_.find(counted_as(peer));
  const auto standing = count == peers_.end() ? 0 : count->second;
  if (standing >= per_peer_ && std::ranges::none_of(trusted_, trusted)) return Room::full_for_peer;
  return total_ >= in_all_ ? Room::full : Room::there;
}

void ConnectionCaps::enter(const ip::address& peer) {
  ++peers_[counted_as(peer)];
  ++total_;
}

void ConnectionCaps::leave(const ip::address& peer) {
  const auto count = peers_.find(counted_as(peer));
  if (--count->second == 0) peers_.erase(count);
  --total_;
}

}  // namespace ringi::http
