#include "server/aws/secrets.hpp"

#include "server/aws/client/client.hpp"
#include "server/aws/credentials/base_session.hpp"
#include "server/aws/credentials/process.hpp"
#include "server/aws/credentials/system_sources.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/system.hpp"
#include "server/runtime/tasks.hpp"
#include "server/runtime/timers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace ringi::aws {
namespace {

using config::Reference;
using nlohmann::json;

// A program may take its minute, and a role that is assumed with what it gave takes one call more.
constexpr Duration patience = longest_process + std::chrono::seconds{10};

std::optional<std::string> text_at(const json& object, const std::string& key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

// arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME; a bare name is in our own region.
Region region_of(const std::string& arn, Region ours) {
  std::string_view rest = arn;
  if (!rest.starts_with("arn:")) return ours;
  for (int colons = 0; colons < 3; ++colons) {
    const auto colon = rest.find(':');
    if (colon == rest.npos) return ours;
    rest.remove_prefix(colon + 1);
  }
  return Region::parse(std::string{rest.substr(0, rest.find(':'))}).value_or(std::move(ours));
}

Result<config::Secret> secret_of(std::optional<std::string> value, const char* missing) {
  if (!value) return error(Errc::not_found, missing);
  return config::secret_in(std::move(*value));
}

Result<config::Secret> member_of(const std::string& text, const std::string& key) {
  const auto object = json::parse(text, nullptr, false);
  return secret_of(text_at(object, key), "the secret is no JSON object with text under that key");
}

// What the fetching coroutines share; it outlives them.
struct Round {
  Client& client;
  std::shared_ptr<Session> session;
  Region region;
  std::vector<Reference> waiting;  // taken from the end
  FetchedSecrets fetched;
};

Task<> take_turns(Round& round) {
  while (!round.waiting.empty()) {
    auto reference = std::move(round.waiting.back());
    round.waiting.pop_back();
    auto text = reference.text();
    auto found =
        co_await fetch_secret(round.client, round.session, round.region, std::move(reference));
    round.fetched.emplace(std::move(text), std::move(found));
  }
}

}  // namespace

Task<Result<config::Secret>> fetch_secret(Client& client, std::shared_ptr<Session> session,
                                          Region region, Reference reference) {
  const bool parameter = reference.kind == Reference::Kind::parameter;
  Invocation what{.service = "secretsmanager", .operation = "GetSecretValue", .region = region};
  json input{{"SecretId", reference.name}};
  if (parameter) {
    what = {.service = "ssm", .operation = "GetParameter", .region = region};
    input = {{"Name", reference.name}, {"WithDecryption", true}};
  } else {
    what.region = region_of(reference.name, std::move(region));
  }
  what.deadline = std::chrono::seconds{5};
  const auto output = co_await client.call(std::move(session), std::move(what), std::move(input));
  if (!output) co_return output.error();
  const auto holder =
      parameter && output->contains("Parameter") ? output->at("Parameter") : *output;
  auto text = text_at(holder, parameter ? "Value" : "SecretString");
  if (text && !reference.json_key.empty()) co_return member_of(*text, reference.json_key);
  co_return secret_of(std::move(text), "AWS has no text under this name");
}

Task<FetchedSecrets> fetch_secrets(Client& client, std::shared_ptr<Session> session, Region region,
                                   std::vector<Reference> references, runtime::TaskGroup& tasks) {
  constexpr std::size_t most_at_once = 8;  // AWS's limits on such calls are low
  std::ranges::sort(references, {}, &Reference::text);
  const auto repeated = std::ranges::unique(references, {}, &Reference::text);
  references.erase(repeated.begin(), repeated.end());
  Round round{client, std::move(session), std::move(region), std::move(references), {}};
  const auto takers = std::min(most_at_once, round.waiting.size());
  for (std::size_t i = 0; i < takers; ++i) tasks.spawn("secrets", take_turns(round));
  co_await tasks.wait();
  co_return std::move(round.fetched);
}

Secrets::Secrets(const config::Config& config, const Environment& environment,
                 net::TransportOptions transport, config::SecretSource& local, observe::Log log,
                 std::stop_token stop)
    : config_(config),
      environment_(environment),
      transport_(std::move(transport)),
      local_(local),
      log_(std::move(log)),
      stop_(std::move(stop)) {}

Result<config::Secret> Secrets::find(const Reference& reference) {
  if (config::is_local(reference)) return local_.find(reference);
  if (!known_.contains(reference.text())) fetch({reference});
  return known_.at(reference.text());
}

void Secrets::fetch(const std::vector<Reference>& references) {
  std::vector<Reference> wanted;
  std::ranges::remove_copy_if(references, std::back_inserter(wanted), config::is_local);
  if (wanted.empty()) return;
  auto fetched = ask_aws(wanted);
  for (const auto& reference : wanted) {
    Result<config::Secret> found = error(Errc::cancelled, "told to stop before AWS answered");
    if (fetched.has_error()) found = fetched.error();
    const auto text = reference.text();
    if (fetched && fetched->contains(text)) found = fetched->at(text);
    known_.insert_or_assign(text, std::move(found));
  }
}

Result<FetchedSecrets> Secrets::ask_aws(std::vector<Reference> references) {
  const auto endpoints = Endpoints::make(environment_, config_.aws.allow_stand_ins);
  if (!endpoints) return endpoints.error();
  boost::asio::io_context context{1};
  std::exception_ptr failure;
  runtime::TaskGroup tasks{context.get_executor(),
                           [&](const std::string&, std::exception_ptr why) { failure = why; }};
  const runtime::SystemClock clock;
  observe::Metrics metrics;
  const auto transport = net::make_transport(transport_, log_, metrics);
  Client client{
      {*transport, clock, metrics, log_, runtime::chance, runtime::uuid, runtime::sleep_for},
      *endpoints};
  auto sources = system_sources(client, *transport, clock, environment_, config_.aws.region, log_);
  const auto session =
      base_session({clock, tasks, runtime::chance, log_}, std::move(sources), config_.aws.profile);
  Result<FetchedSecrets> fetched = FetchedSecrets{};
  const auto ask = [&]() -> Task<> {
    const auto known = co_await session->credentials(patience);
    if (known.has_error()) {
      fetched = known.error();
      co_return;
    }
    if (stop_.stop_requested()) co_return;  // what begins now, nobody cancels any more
    auto all = co_await fetch_secrets(client, session, config_.aws.region, references, tasks);
    fetched = std::move(all);
  };
  boost::asio::co_spawn(context, ask, [&](std::exception_ptr thrown) {
    if (thrown) failure = thrown;
  });
  const std::stop_callback on_stop{
      stop_, [&] { boost::asio::post(context, [&tasks] { tasks.cancel(); }); }};
  context.run();
  if (failure) std::rethrow_exception(failure);
  return fetched;
}

}  // namespace ringi::aws
