#include "server/crypto/base64.hpp"
#include "server/crypto/sha256.hpp"

#include <gtest/gtest.h>

namespace ringi::crypto {
namespace {

TEST(Sha256, hmac_is_as_rfc_4231_has_it) {
  EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Base64, has_one_spelling_for_every_value) {
  EXPECT_EQ(to_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(from_base64("Zm9vYg=="), "foob");
  EXPECT_EQ(from_base64(""), "");
  for (const char* bad : {"Zm9vYg", "Zm9vYh==", "Zm9v\nYg==", "Zm9vYg=", "=m9v", "Zm9v====", "Zm-v",
                          "Z===", "===="}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

TEST(Sha256, hex_is_lower_case_and_whole) {
  const Hash hash = sha256("abc");
  EXPECT_EQ(to_hex(hash), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_from_hex(to_hex(hash)), hash);
  EXPECT_FALSE(hash_from_hex("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  EXPECT_FALSE(hash_from_hex("ba"));
}

}  // namespace
}  // namespace ringi::crypto
