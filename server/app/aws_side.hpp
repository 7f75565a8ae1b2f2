#pragma once

#include "server/app/world.hpp"
#include "server/aws/aws.hpp"
#include "server/aws/client/client.hpp"
#include "server/aws/credentials/base_session.hpp"
#include "server/aws/realms.hpp"
#include "server/aws/sns_certificates.hpp"
#include "server/aws/sns_endpoint.hpp"
#include "server/aws/sns_topics.hpp"
#include "server/aws/sns_verifier.hpp"
#include "server/aws/sqs_intake.hpp"
#include "server/aws/topic_confirmer.hpp"

namespace ringi::app {

// The way out to AWS, and Amazon SNS's way in.
struct AwsSide {
  AwsSide(World& world, Rows& rows, const Settings& settings, const aws::Environment& environment);

  // What a reload and a listing of AWS Organizations may change. `accounts`: those in force.
  void configure(const Settings& settings, const std::vector<access::Account>& accounts);

  aws::Client client;
  std::shared_ptr<aws::Session> base;
  aws::Realms realms;
  aws::Aws calls;
  aws::SnsTopics topics;
  aws::SnsCertificates certificates;
  aws::SnsVerifier verifier;
  aws::SnsEndpoint sns;
  aws::SqsIntake sqs;
  aws::TopicConfirmer confirmer;
};

}  // namespace ringi::app
