#include "server/aws/secrets.hpp"

#include "tests/unit/server/aws/world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/base_sink.h>

#include <mutex>
#include <stop_token>
#include <thread>

namespace ringi::aws {
namespace {

using nlohmann::json;
using test::answer;
using test::header_of;
using test::in_turn;

class SecretsTest : public test::World {
 protected:
  Result<config::Secret> fetch(const std::string& text) {
    auto made = client();
    return run(
        fetch_secret(made, nullptr, *Region::parse("eu-west-1"), *config::parse_reference(text)));
  }
  void answers(const json& body) { transport.reply = in_turn({answer(200, body.dump())}); }
};

TEST_F(SecretsTest, AsksSecretsManagerInTheRegionOfTheArn) {
  answers({{"SecretString", "xoxb-1"}});
  const auto arn = "arn:aws:secretsmanager:us-east-2:111122223333:secret:ringi-AbCdEf";
  EXPECT_EQ(fetch(std::string{"aws:secretsmanager:"} + arn)->reveal(), "xoxb-1");
  const auto& sent = transport.calls.at(0);
  EXPECT_EQ(sent.url, "https://secretsmanager.us-east-2.amazonaws.com/");
  EXPECT_EQ(header_of(sent, "X-Amz-Target"), "secretsmanager.GetSecretValue");
  EXPECT_EQ(json::parse(sent.body), (json{{"SecretId", arn}}));
}

TEST_F(SecretsTest, TakesOneMemberOfAJsonSecret) {
  answers({{"SecretString", R"({"token":"xoxb-2","other":1})"}});
  EXPECT_EQ(fetch("aws:secretsmanager:ringi#token")->reveal(), "xoxb-2");
  for (const char* bad : {"aws:secretsmanager:ringi#missing", "aws:secretsmanager:ringi#other"}) {
    const auto found = fetch(bad);
    ASSERT_TRUE(found.has_error()) << bad;
    EXPECT_EQ(found.error().log.text.find("xoxb"), std::string::npos) << bad;
  }
}

TEST_F(SecretsTest, AsksTheParameterStoreToDecrypt) {
  answers({{"Parameter", {{"Name", "/ringi/key"}, {"Value", "pem"}}}});
  EXPECT_EQ(fetch("aws:ssm:/ringi/key")->reveal(), "pem");
  EXPECT_EQ(header_of(transport.calls.at(0), "X-Amz-Target"), "AmazonSSM.GetParameter");
  EXPECT_EQ(json::parse(transport.calls.at(0).body),
            (json{{"Name", "/ringi/key"}, {"WithDecryption", true}}));
}

TEST_F(SecretsTest, LeavesOutALineBreakAtTheEnd) {
  answers({{"SecretString", "xoxb-1\n"}});
  EXPECT_EQ(fetch("aws:secretsmanager:ringi")->reveal(), "xoxb-1");
  answers({{"SecretString", R"({"token":"xoxb-2\r\n"})"}});
  EXPECT_EQ(fetch("aws:secretsmanager:ringi#token")->reveal(), "xoxb-2");
  answers({{"Parameter", {{"Value", "\n"}}}});
  EXPECT_EQ(fetch("aws:ssm:/ringi/key").error().code, Errc::invalid);
}

std::vector<config::Reference> references(std::initializer_list<const char*> texts) {
  std::vector<config::Reference> all;
  for (const auto* text : texts) all.push_back(*config::parse_reference(text));
  return all;
}

TEST_F(SecretsTest, AsksForEachOfManyOnceAndForSeveralAtATime) {
  auto made = client();
  std::size_t asked_before_the_first_answer = 0;
  transport.reply = [&](const net::Call& call) {
    if (asked_before_the_first_answer == 0) asked_before_the_first_answer = transport.calls.size();
    const auto name = json::parse(call.body).at("Name").get<std::string>();
    if (name == "/c") return answer(400, R"({"__type":"ParameterNotFound"})");
    return answer(200, json{{"Parameter", {{"Value", "value of " + name}}}}.dump());
  };
  const auto all =
      references({"aws:ssm:/a", "aws:ssm:/b", "aws:ssm:/a", "aws:ssm:/c", "aws:ssm:/a"});
  const auto found = run(fetch_secrets(made, nullptr, *Region::parse("eu-west-1"), all, tasks));
  EXPECT_EQ(transport.calls.size(), 3U);
  EXPECT_EQ(asked_before_the_first_answer, 3U);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found.at("aws:ssm:/a")->reveal(), "value of /a");
  EXPECT_EQ(found.at("aws:ssm:/b")->reveal(), "value of /b");
  EXPECT_EQ(found.at("aws:ssm:/c").error().code, Errc::not_found);
}

config::Config in_europe() {
  config::Config config;
  config.aws.region = *Region::parse("eu-west-1");
  return config;
}

// ringi's own keys, and this machine in AWS's place.
Environment keys_for(const boost::asio::ip::tcp::acceptor& aws) {
  const auto port = std::to_string(aws.local_endpoint().port());
  return {{"AWS_ENDPOINT_URL", "http://127.0.0.1:" + port},
          {"AWS_ACCESS_KEY_ID", "AKID"},
          {"AWS_SECRET_ACCESS_KEY", "s"}};
}

// AWS that takes the connection and says nothing: a server that is told to stop does not wait.
TEST(Secrets, AreWaitedForNoLongerThanUntilTheStop) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor silent{io, {boost::asio::ip::address_v4::loopback(), 0}};
  const auto environment = keys_for(silent);
  const auto config = in_europe();
  config::SystemFiles files;
  config::LocalSecrets local{config::process_variables(), files, ""};
  const auto log = std::make_shared<spdlog::logger>("test");
  std::stop_source stop;
  Secrets secrets{config, environment, {}, local, log, stop.get_token()};
  std::jthread told{[&] {
    auto connection = silent.accept();
    stop.request_stop();
  }};
  const auto all = references({"aws:ssm:/a", "aws:ssm:/b"});
  secrets.fetch(all);
  for (const auto& reference : all)
    EXPECT_EQ(secrets.find(reference).error().code, Errc::cancelled);
}

TEST(Secrets, SayWhyThereAreNoCredentialsToAskWith) {
  const Environment environment{{"HOME", "/nowhere"}, {"AWS_EC2_METADATA_DISABLED", "true"}};
  const auto config = in_europe();
  config::SystemFiles files;
  config::LocalSecrets local{config::process_variables(), files, ""};
  Secrets secrets{config, environment, {}, local, std::make_shared<spdlog::logger>("test")};
  const auto found = secrets.find(*config::parse_reference("aws:ssm:/a"));
  EXPECT_EQ(found.error().code, Errc::unavailable);
  EXPECT_NE(found.error().log.text.find("AWS_ACCESS_KEY_ID is not set"), std::string::npos);
}

// The source of credentials is logged just before it gives them.
struct StopAtALine : spdlog::sinks::base_sink<std::mutex> {
  explicit StopAtALine(std::stop_source& source) : stop(source) {}
  void sink_it_(const spdlog::details::log_msg&) override { stop.request_stop(); }
  void flush_() override {}
  std::stop_source& stop;
};

// Between the credentials and the first call there is nothing that a cancellation would end.
TEST(Secrets, AreNotAskedForWhereTheStopCameWithTheCredentials) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor aws{io, {boost::asio::ip::address_v4::loopback(), 0}};
  aws.non_blocking(true);
  const auto environment = keys_for(aws);
  const auto config = in_europe();
  config::SystemFiles files;
  config::LocalSecrets local{config::process_variables(), files, ""};
  std::stop_source stop;
  const auto log = std::make_shared<spdlog::logger>("test", std::make_shared<StopAtALine>(stop));
  Secrets secrets{config, environment, {}, local, log, stop.get_token()};
  const auto reference = *config::parse_reference("aws:ssm:/a");
  secrets.fetch({reference});
  EXPECT_EQ(secrets.find(reference).error().code, Errc::cancelled);
  boost::system::error_code nobody;
  static_cast<void>(aws.accept(nobody));
  EXPECT_EQ(nobody, boost::asio::error::would_block);
}

TEST_F(SecretsTest, SaysWhyThereIsNone) {
  transport.reply =
      in_turn({answer(400, R"({"__type":"ResourceNotFoundException","message":"m"})")});
  EXPECT_NE(fetch("aws:secretsmanager:ringi").error().log.text.find("ResourceNotFoundException"),
            std::string::npos);
  answers({{"SecretBinary", "AAAA"}});
  EXPECT_EQ(fetch("aws:secretsmanager:ringi").error().code, Errc::not_found);
  answers({{"SecretString", ""}});
  EXPECT_EQ(fetch("aws:secretsmanager:ringi").error().code, Errc::invalid);
}

}  // namespace
}  // namespace ringi::aws
