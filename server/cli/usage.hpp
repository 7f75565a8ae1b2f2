#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace ringi::cli {

// "what is wrong, where, how to mend it" of arguments that the parser refused, in our own words.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong);

}  // namespace ringi::cli
