#include "server/cli/audit.hpp"

#include "server/ledger/audit.hpp"

#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

namespace ringi::cli {
namespace {

constexpr int wrong_usage = 2;

int misused(const std::string& what) {
  std::cerr << "ringi: " << what << '\n';
  return wrong_usage;
}

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

int with_ledger(const AuditParts& parts, const std::function<int(OpenLedger&)>& act) {
  auto opened = parts.open();
  return opened ? act(*opened) : wrong_usage;
}

void add_list(CLI::App& audit, const AuditParts& parts) {
  struct Given {
    ledger::AuditListOptions options;
    std::string since;
  };
  const auto given = std::make_shared<Given>();
  auto* list = audit.add_subcommand("list", "Reads the ledger: a table, or one JSON entry a line");
  list->add_option("--since", given->since, "Only what is younger: 90s, 30m, 24h, 7d, 2w");
  list->add_option("--kind", given->options.filter.kind,
                   "approval.decided, or approval for all of its kinds");
  list->add_option("--actor", given->options.filter.actor,
                   "A Slack user's id or name, or an AWS principal");
  list->add_option("--target", given->options.filter.target, "Glob over ACCOUNT/PIPELINE");
  list->add_flag("--json", given->options.json, "The entries as they are stored");
  list->callback([given, parts] {
    const auto age = parse_duration(given->since);
    if (!given->since.empty() && !age) {
      parts.exit_code = misused("\"" + given->since +
                                "\" is no duration, --since, write 90s, 30m, 24h, 7d or 2w");
      return;
    }
    if (age) given->options.filter.since = parts.clock.now() - *age;
    parts.exit_code = with_ledger(parts, [&](OpenLedger& it) {
      return ledger::audit_list(given->options, *it.source, std::cout, std::cerr);
    });
  });
}

void add_verify(CLI::App& audit, const AuditParts& parts) {
  const auto path = std::make_shared<std::string>();
  auto* verify = audit.add_subcommand("verify", "Recomputes the whole ledger");
  verify->add_option("--checkpoint", *path, "File with a checkpoint that was kept elsewhere");
  verify->callback([path, parts] {
    const auto checkpoint = path->empty() ? std::nullopt : content_of(*path);
    if (!path->empty() && !checkpoint) {
      parts.exit_code =
          misused(*path + " cannot be read, --checkpoint, name a file with a checkpoint");
      return;
    }
    parts.exit_code = with_ledger(parts, [&](OpenLedger& it) {
      return ledger::audit_verify(checkpoint, *it.source, it.key, std::cout, std::cerr);
    });
  });
}

void add_prove(CLI::App& audit, const AuditParts& parts) {
  const auto seq = std::make_shared<std::int64_t>(0);
  auto* prove = audit.add_subcommand("prove", "Writes a receipt for one entry (C2SP tlog-proof)");
  prove->add_option("SEQ", *seq, "The entry's number")->required();
  prove->callback([seq, parts] {
    parts.exit_code = with_ledger(parts, [&](OpenLedger& it) {
      return ledger::audit_prove(*seq, *it.source, it.key, std::cout, std::cerr);
    });
  });
}

void add_verify_proof(CLI::App& audit, const AuditParts& parts) {
  struct Given {
    std::string receipt, key;
  };
  const auto given = std::make_shared<Given>();
  auto* verify =
      audit.add_subcommand("verify-proof", "Checks a receipt, without database and network");
  verify->add_option("FILE", given->receipt, "The receipt")->required();
  verify->add_option("--key", given->key, "File with the public key (PEM), or name+hash+base64")
      ->required();
  verify->callback([given, parts] {
    const auto receipt = content_of(given->receipt);
    if (!receipt) {
      parts.exit_code =
          misused(given->receipt + " cannot be read, FILE, name what ringi audit prove wrote");
      return;
    }
    const std::string key = content_of(given->key).value_or(given->key);
    parts.exit_code = ledger::audit_verify_proof(*receipt, key, std::cout, std::cerr);
  });
}

void add_key(CLI::App& audit, const AuditParts& parts) {
  auto* key = audit.add_subcommand("key", "Prints the ledger's public key, for verify-proof --key");
  key->callback([parts] {
    parts.exit_code = with_ledger(parts, [](OpenLedger& it) {
      std::cout << it.key.text() << '\n';
      return 0;
    });
  });
}

void add_export(CLI::App& audit, const AuditParts& parts) {
  auto* later = audit.add_subcommand("export", "Not in this version");
  later->group("")->allow_extras()->fallthrough(false);
  later->callback([parts] {
    parts.exit_code =
        misused("audit export: not in this version, ringi audit export, see ringi audit --help");
  });
}

}  // namespace

void add_audit(CLI::App& app, AuditParts parts) {
  auto* audit = app.add_subcommand("audit", "Reads, verifies and proves the ledger");
  audit->require_subcommand(1);
  add_list(*audit, parts);
  add_verify(*audit, parts);
  add_prove(*audit, parts);
  add_verify_proof(*audit, parts);
  add_key(*audit, parts);
  add_export(*audit, parts);
}

}  // namespace ringi::cli
