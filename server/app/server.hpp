#pragma once

#include "server/app/checkpoints.hpp"
#include "server/app/dead_letters.hpp"
#include "server/app/handlers.hpp"
#include "server/app/readiness.hpp"
#include "server/app/registry.hpp"
#include "server/app/sqs_chores.hpp"
#include "server/app/topic_chores.hpp"
#include "server/aws/sqs_pollers.hpp"
#include "server/http/listener.hpp"
#include "server/slack/endpoints.hpp"
#include "server/store/worker.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <stop_token>

namespace ringi::app {

// The whole server: every part in the order in which it is needed.
class Server {
 public:
  Server(boost::asio::io_context& context, observe::Log log, Settings settings,
         aws::Environment environment);
  ~Server();

  // From the first commit to the last; returns after SIGTERM was carried out. Throws where it
  // cannot begin, and where another server took its store.
  Task<> run();

 private:
  Task<> begin();
  void open_listeners();
  Task<> learn();
  void spawn_loops();
  Task<> until_told_to_stop();
  Task<> keep(std::string name, std::function<Task<>()> loop);
  Task<> keep_current();
  void be_ousted();
  Task<> stop();
  Task<> say_goodbye();

  Task<> reload(std::string why);
  Task<> take(Settings next);
  Task<Result<void>> refresh_rules(Ask ask);
  struct Drafted {
    ResolvedRules resolved;
    Registry::Draft draft;
  };
  Task<Result<Drafted>> draft_rules(Ask ask);
  void put_in_force(const Drafted& drafted);
  Task<> tell_of_accounts();
  Task<> poll_queues();
  void look_at_accounts();
  Task<> tell_of_fresh(std::set<std::string> troubles, std::set<std::string>& told,
                       message::Text before, message::Text after);
  Task<> tell_of_names(const ResolvedRules& resolved);
  Task<> refuse_reload(std::string why);
  Task<Result<void>> note(std::string kind);
  Task<bool> ready();

  store::WorkerNeeds worker_needs();
  slack::EndpointParts endpoint_parts();
  aws::OrganizationWatch::Parts organization_parts();
  aws::SqsParts queue_parts();
  Task<Result<void>> carry_out(Delivery delivery);
  Task<Result<void>> group_changed(SlackGroup group, std::string event_id);
  std::unique_ptr<http::Listener> listen(std::string name, const config::Listen& where,
                                         std::optional<http::TlsFiles> tls,
                                         std::vector<http::Route> routes);
  std::vector<http::Route> public_routes();
  std::vector<SlackChannel> publish_channels() const;

  Settings settings_;
  World world_;
  Rows rows_;
  SlackSide slack_;
  AwsSide aws_;
  aws::OrganizationWatch organization_;
  Registry registry_;
  Handlers handlers_;
  CatalogReplies replies_;
  TopicChores topics_;
  SqsChores queue_chores_;
  aws::SqsPollers queues_;
  StoredCheckpoints checkpoints_;
  DeadLetters dead_letters_;
  Readiness readiness_;
  store::Worker worker_;
  slack::SlackEndpoints endpoints_;
  runtime::TaskGroup loops_;           // what runs from begin() to stop()
  std::stop_source reading_;           // ends what files_ asks of AWS
  boost::asio::thread_pool files_{1};  // reads configuration and certificates while the server runs
  std::unique_ptr<ledger::Publisher> publisher_;
  std::unique_ptr<http::Listener> public_, admin_, health_;
  std::set<std::string> unresolved_, told_;  // names that Slack does not know; those that were said
  std::set<std::string> unclassified_, without_team_;  // accounts that were told of
  std::vector<message::Text> account_news_;            // that is still to be told
  boost::asio::signal_set signals_;  // from the first moment: one that comes early waits its turn
  runtime::Bell news_;               // SIGHUP came, or accounts changed
  bool told_to_reload_ = false;
  bool accounts_changed_ = false;  // another listing, or an operator agreed to a move
  bool refused_ = false;           // the last reload was
  bool refusal_told_ = false;
  Time refused_due_;  // when it is tried again, by the steady clock
  Time names_due_;    // when Slack is asked for the names again, by the steady clock

  bool ousted_ = false;  // another server has the store's lock
  bool draining_ = false;
};

}  // namespace ringi::app
