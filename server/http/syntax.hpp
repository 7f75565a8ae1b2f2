#pragma once

#include <string>
#include <string_view>

namespace ringi::http {

// RFC 9110 section 5.6.2: what methods and field names are made of.
bool is_token(std::string_view text);

// RFC 9110 section 5.5: visible ASCII, SP, HTAB and obs-text; no control characters.
bool is_field_value(std::string_view text);

// RFC 9112 section 3.2.1: "/…" with valid percent escapes; no "#", no absolute-form, no "*".
bool is_origin_form(std::string_view target);

// uri-host [":" port] by its characters; not empty.
bool is_host(std::string_view value);

std::string lower_case(std::string_view text);
std::string_view trim_blanks(std::string_view text);  // SP and HTAB

}  // namespace ringi::http
