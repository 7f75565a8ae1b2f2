#include "server/app/handlers.hpp"

namespace ringi::app {

Handlers::Handlers(World& world, Rows& rows, SlackSide& slack, AwsSide& aws,
                   ports::Accounts& accounts)
    : gate(slack.directory),
      client(aws.calls),
      pipelines(client, world.together, world.clock),
      resolver(pipelines, gate),
      board(slack.cards),
      settle(rows.deployments, world.ids),
      gone(rows.deployments, board, rows.jobs, world.clock),
      timeouts(client, world.clock),
      refresh(client, rows.deployments, rows.ledger, board, settle, gone, timeouts, gate, rows.jobs,
              world.rules, world.clock),
      start(client, resolver, gate, rows.deployments, rows.ledger, slack.cards, slack.voice,
            refresh, rows.jobs, world.rules, world.clock, world.ids),
      overview(client, pipelines, resolver, gate, rows.deployments, slack.cards, slack.voice,
               world.together, world.rules, world.clock, world.ids),
      decide(client, gate, rows.deployments, rows.ledger, slack.cards, slack.voice, rows.jobs,
             world.rules, world.clock),
      forms(client, gate, rows.deployments, slack.voice, world.rules),
      apply(client, rows.deployments, slack.voice, refresh, rows.jobs, world.rules, world.clock),
      notice(rows.jobs, world.clock),
      reconcile(client, rows.deployments, rows.jobs, world.rules, world.clock),
      desk(gate, slack.directory, rows.ledger, rows.deployments, rows.jobs, accounts, slack.voice,
           world.rules),
      inquiry(gate, resolver, client, rows.deployments, slack.voice, world.rules),
      moves(gate, accounts, rows.ledger, slack.cards, slack.voice, world.rules),
      catalog(
          {start, overview, decide, forms, apply, refresh, notice, reconcile, desk, inquiry, moves},
          slack.voice, slack.directory, rows.deployments, world.rules, world.clock) {}

}  // namespace ringi::app
