#include "server/ledger/note.hpp"

#include "server/crypto/base64.hpp"
#include "server/ledger/checkpoint.hpp"
#include "tests/unit/server/ledger/keys.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::ledger {
namespace {

// golang.org/x/mod/sumdb/note, note_test.go.
const std::string go_verifier =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string go_text =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string go_note =
    go_text +
    "\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

std::string why(const std::string& note, const VerifierKey& key) {
  const auto opened = open_note(note, key);
  return opened ? "opened" : opened.error().log.text;
}

TEST(Note, is_byte_for_byte_what_gos_note_package_signs) {
  const SigningKey key = test::key("PeterNeumann");
  EXPECT_EQ(key.verifier().text(), go_verifier);
  EXPECT_EQ(sign_note(go_text, key), go_note);
}

TEST(Note, opens_with_the_verifier_string_and_with_the_public_pem) {
  EXPECT_EQ(open_note(go_note, VerifierKey::parse(go_verifier).value()).value(), go_text);
  EXPECT_EQ(
      open_note(go_note, VerifierKey::from_pem("PeterNeumann", test::public_pem).value()).value(),
      go_text);
}

TEST(Note, every_flipped_byte_of_the_text_is_found) {
  const auto key = VerifierKey::parse(go_verifier).value();
  for (std::size_t i = 0; i < go_note.size(); ++i) {
    std::string altered = go_note;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_TRUE(open_note(altered, key).has_error()) << i;
  }
}

TEST(Note, passes_over_signatures_of_witnesses_and_demands_its_own) {
  const SigningKey ours = test::key("ours");
  const std::string by_witness = sign_note("text\n", test::key("witness"));
  const std::string witness_line = by_witness.substr(by_witness.find("\n\n") + 2);
  EXPECT_EQ(why(sign_note("text\n", ours) + witness_line, ours.verifier()), "opened");
  EXPECT_EQ(why(by_witness, ours.verifier()), "not signed by " + ours.verifier().text());
}

TEST(Note, one_bad_signature_of_the_known_key_refuses_the_whole_note) {
  const SigningKey ours = test::key("ours");
  const std::string other = sign_note("other\n", ours);
  const std::string note = sign_note("text\n", ours) + other.substr(other.find("\n\n") + 2);
  EXPECT_EQ(why(note, ours.verifier()), "the signature of ours does not hold");
}

TEST(Note, the_text_may_hold_empty_lines) {
  const SigningKey ours = test::key("ours");
  const std::string note = sign_note("one\n\n\u2014 not a signature\n\ntwo\n", ours);
  EXPECT_EQ(open_note(note, ours.verifier()).value(), "one\n\n\u2014 not a signature\n\ntwo\n");
}

TEST(Note, malformed_notes_are_refused) {
  struct Case {
    const char* name;
    std::string note;
  };
  const std::string dash = "\u2014 ";
  const Case cases[] = {
      {"nothing", ""},
      {"no empty line", "text\n" + dash + "a AAAAAAA=\n"},
      {"no signature", "text\n\n"},
      {"a hyphen for the dash", "text\n\n- a AAAAAAA=\n"},
      {"no name", "text\n\n" + dash + " AAAAAAA=\n"},
      {"a plus in the name", "text\n\n" + dash + "a+b AAAAAAA=\n"},
      {"a wide space in the name", "text\n\n" + dash + "a\u3000b AAAAAAA=\n"},
      {"a thin space in the name", "text\n\n" + dash + "a\u2009b AAAAAAA=\n"},
      {"no base64", "text\n\n" + dash + "a AAAA*AA=\n"},
      {"a key id alone", "text\n\n" + dash + "a AAAAAA==\n"},
      {"a last line without an end", "text\n\n" + dash + "a AAAAAAA="},
      {"a carriage return", "text\r\n\n" + dash + "a AAAAAAA=\n"},
      {"a tab", "te\txt\n\n" + dash + "a AAAAAAA=\n"},
      {"broken UTF-8", "te\xffxt\n\n" + dash + "a AAAAAAA=\n"},
      {"too long", std::string(1024 * 1024, 'x') + "\n\n" + dash + "a AAAAAAA=\n"},
  };
  for (const Case& it : cases) EXPECT_TRUE(parse_note(it.note).has_error()) << it.name;
  EXPECT_TRUE(parse_note("text\n\n" + dash + "a AAAAAAA=\n").has_value());
}

TEST(Note, accepts_sixteen_signatures_and_limits_them) {
  std::string note = "text\n\n";
  for (int i = 0; i < 16; ++i) note += "\u2014 a AAAAAAA=\n";
  EXPECT_TRUE(parse_note(note).has_value());
  for (int i = 0; i < 100; ++i) note += "\u2014 a AAAAAAA=\n";
  EXPECT_TRUE(parse_note(note).has_error());
}

TEST(Key, every_piece_and_every_altered_byte_of_a_verifier_string_is_refused) {
  for (std::size_t from = 0; from < go_verifier.size(); ++from) {
    for (std::size_t to = from + 1; to <= go_verifier.size(); ++to) {
      if (from == 0 && to == go_verifier.size()) continue;
      EXPECT_TRUE(VerifierKey::parse(go_verifier.substr(from, to - from)).has_error());
    }
  }
  for (std::size_t i = 0; i < go_verifier.size(); ++i) {
    std::string altered = go_verifier;
    ++altered[i];
    EXPECT_TRUE(VerifierKey::parse(altered).has_error()) << altered;
  }
}

TEST(Key, a_pem_that_is_no_plain_ed25519_key_is_refused_with_the_mend_and_without_its_bytes) {
  const std::string p256 =
      "-----BEGIN PRIVATE KEY-----\n"
      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgl9fUjrEE6XDfFxhr\n"
      "gV7oD0wSTWr4IHqndCAO+ODXvwWhRANCAATuerlygXBN0E2E/XSI9rx0U0Nit4qv\n"
      "a2zYS84ToBiiFLcYjN+SM/M1XbN/1yYvMsHdobPUEpQe5O0OyldRueP+\n"
      "-----END PRIVATE KEY-----\n";
  const std::string encrypted =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
      "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh4Kqes3DUE3wICCAAw\n"
      "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEIin5vyQaA9tmD0c2/2XEhoEQMva\n"
      "LS8xL4W6whj75K14S2Pz0NoO7z7Uq6ONlqID7pf6yKOqdmnFvmkv6N00+RndaSEc\n"
      "RvXmpDczl9t30G3BRWM=\n"
      "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_EQ(SigningKey::from_pem("a", p256).error().log.text,
            "an id-ecPublicKey key; the ledger needs Ed25519 (openssl genpkey -algorithm ed25519)");
  for (const std::string& pem :
       {encrypted, std::string{}, std::string{"secret words"}, std::string{test::public_pem}}) {
    EXPECT_EQ(SigningKey::from_pem("a", pem).error().log.text,
              "not an unencrypted PEM private key");
  }
  EXPECT_EQ(VerifierKey::from_pem("a", test::private_pem).error().log.text,
            "not an unencrypted PEM public key");
}

TEST(Key, names_hold_no_spaces_and_no_plus) {
  for (const char* good : {"a", "example.com/log", "chatops.example.com/ringi", "監査"})
    EXPECT_TRUE(is_key_name(good));
  for (const char* bad : {"", " ", "a b", "a+b", "a\n", "a\u00a0", "\u2003", "a\xff"})
    EXPECT_FALSE(is_key_name(bad));
}

TEST(Checkpoint, is_origin_size_and_root) {
  const Head head{20852163,
                  crypto::hash_from_base64("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=").value()};
  const std::string text =
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  EXPECT_EQ(checkpoint_text({"example.com/behind-the-sofa", head}), text);
  EXPECT_EQ(parse_checkpoint(text).value().head, head);
  EXPECT_EQ(parse_checkpoint(text + "an extension\n").value().head, head);
}

TEST(Checkpoint, opens_what_it_signed_and_nothing_of_another_log) {
  const SigningKey key = test::key();
  const Head head{3, crypto::sha256("root")};
  const std::string note = sign_checkpoint(head, key);
  EXPECT_EQ(open_checkpoint(note, key.verifier()).value().head, head);
  const std::string other = sign_note(checkpoint_text({"another.example", head}), key);
  EXPECT_EQ(open_checkpoint(other, key.verifier()).error().code, Errc::denied);
}

TEST(Checkpoint, malformed_texts_are_refused) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const std::string bad[] = {"",
                             "a\n",
                             "a\n1\n",
                             "\n1\n" + root,
                             "a\n01\n" + root,
                             "a\n-1\n" + root,
                             "a\n1 \n" + root,
                             "a\n18446744073709551616\n" + root,
                             "a\n1\nAAAA\n",
                             "a\n1\n" + root + "\n",
                             "a\n1\n" + root + "an extension that does not end"};
  for (const std::string& text : bad) EXPECT_TRUE(parse_checkpoint(text).has_error()) << text;
}

}  // namespace
}  // namespace ringi::ledger
