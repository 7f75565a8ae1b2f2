# One pinned compiler. GCC before 14 miscompiles coroutines: arguments of a co_await expression are
# freed twice or not at all (docs/decisions/0001-clang-16.md).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines. "
                      "Use a preset (cmake --preset release): they take Clang 16.")
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(ringi_options INTERFACE)
target_include_directories(ringi_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(ringi_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wunused -Wdouble-promotion -Wformat=2
  -Wimplicit-fallthrough -Wnull-dereference -fstack-protector-strong
  # Designated initialisers name what matters; the rest keeps its default.
  -Wno-missing-field-initializers)
target_link_options(ringi_options INTERFACE -fuse-ld=lld-16 -Wl,-z,relro,-z,now)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")

if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_definitions(ringi_options INTERFACE _FORTIFY_SOURCE=2)
endif()
if(RINGI_SANITIZE)
  add_compile_options(-fsanitize=${RINGI_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -O1)
  add_link_options(-fsanitize=${RINGI_SANITIZE})
endif()
if(RINGI_COVERAGE)
  add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
  add_link_options(-fprofile-instr-generate)
endif()
if(RINGI_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
