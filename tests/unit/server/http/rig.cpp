#include "tests/unit/server/http/rig.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace ringi::http::test {

namespace asio = boost::asio;

namespace {

template <class Write>
void write_pem(const std::filesystem::path& file, const Write& write) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out{std::fopen(file.c_str(), "w"), std::fclose};
  if (!out || write(out.get()) != 1) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

Certificate::Certificate(const std::string& name) {
  std::string pattern = (std::filesystem::temp_directory_path() / "ringi-tls-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  std::unique_ptr<X509, void (*)(X509*)> certificate{X509_new(), X509_free};
  auto* x509 = certificate.get();
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key.get());
  auto* subject = X509_get_subject_name(x509);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(x509, subject);
  X509_sign(x509, key.get(), EVP_sha256());
  write_pem(files().certificate, [&](std::FILE* out) { return PEM_write_X509(out, x509); });
  write_pem(files().private_key, [&](std::FILE* out) {
    return PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Certificate::~Certificate() {
  std::filesystem::remove_all(folder_);
}

ListenerOptions plain_options() {
  return ListenerOptions{
      .name = "test", .address = "127.0.0.1:0", .now = [] {
        return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
      }};
}

Rig::Rig(ListenerOptions options, std::vector<Route> routes) {
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(log_);
  auto log = std::make_shared<spdlog::logger>("test", std::move(sink));
  auto made =
      make_listener(io_.get_executor(), std::move(options), std::move(routes), log, metrics_);
  if (!made) throw std::runtime_error(made.error().log.text);
  listener_ = std::move(*made);
  asio::co_spawn(io_, listener_->run(), asio::detached);
  thread_ = std::thread{[this] { io_.run(); }};
}

Rig::~Rig() {
  drain(std::chrono::milliseconds{0}).wait();
  work_.reset();
  thread_.join();
}

std::future<void> Rig::drain(Duration limit) {
  return asio::co_spawn(io_, listener_->drain(limit), asio::use_future);
}

void Rig::on_thread(const std::function<void()>& call) {
  asio::post(io_, asio::use_future(call)).get();
}

std::string Rig::logged() {
  std::string text;
  on_thread([&] { text = log_.str(); });
  return text;
}

Client::Client(std::uint16_t port) {
  socket_.connect({asio::ip::make_address("127.0.0.1"), port});
}

void Client::send(const std::string& bytes) {
  boost::system::error_code ignored;  // the server may have said no already
  asio::write(socket_, asio::buffer(bytes), ignored);
}

std::string Client::read_reply() {
  boost::system::error_code error;
  const auto head = asio::read_until(socket_, asio::dynamic_buffer(buffer_), "\r\n\r\n", error);
  if (error) return {};
  const std::string name = "Content-Length: ";
  const auto at = buffer_.find(name);
  const std::size_t length = at < head ? std::stoul(buffer_.substr(at + name.size())) : 0;
  while (buffer_.size() < head + length && !error) {
    const auto missing = head + length - buffer_.size();
    asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_exactly(missing), error);
  }
  auto reply = buffer_.substr(0, head + length);
  buffer_.erase(0, head + length);
  return reply;
}

std::string Client::read_rest() {
  boost::system::error_code error;
  asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_all(), error);
  EXPECT_EQ(error, asio::error::eof);
  return std::exchange(buffer_, {});
}

void Client::half_close() {
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send);
}

int status_of(const std::string& reply) {
  return reply.starts_with("HTTP/1.1 ") ? std::stoi(reply.substr(9)) : 0;
}

std::string body_of(const std::string& reply) {
  return reply.substr(reply.find("\r\n\r\n") + 4);
}

std::string post(const std::string& path, const std::string& body, const std::string& fields) {
  return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + fields +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace ringi::http::test
