# Warnings, hardening and sanitizers, as one interface library that every target uses.
add_library(newsmq_flags INTERFACE)
target_include_directories(newsmq_flags INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(newsmq_flags INTERFACE _GNU_SOURCE
  NEWSMQ_VERSION="${PROJECT_VERSION}"
  NEWSMQ_DATADIR="${CMAKE_INSTALL_FULL_DATADIR}/newsmq")
target_compile_options(newsmq_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -Wformat=2 -Wundef -Wvla -Wimplicit-fallthrough)
if(NEWSMQ_WERROR)
  target_compile_options(newsmq_flags INTERFACE -Werror)
endif()
if(NEWSMQ_SANITIZE)
  target_compile_options(newsmq_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g -O1)
  target_link_options(newsmq_flags INTERFACE -fsanitize=address,undefined
    -Wl,-u,__lsan_default_suppressions)
  add_library(newsmq_leaks STATIC tests/support/leaks.c)
  target_link_libraries(newsmq_flags INTERFACE newsmq_leaks)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(newsmq_flags INTERFACE
    $<IF:$<BOOL:$<TARGET_PROPERTY:NEWSMQ_HOT>>,-O3,-O2> -g -U_FORTIFY_SOURCE
    -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
  target_link_options(newsmq_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
if(NEWSMQ_COVERAGE)
  target_compile_options(newsmq_flags INTERFACE --coverage -O0 -g)
  target_link_options(newsmq_flags INTERFACE --coverage)
endif()
if(NEWSMQ_FUZZ)
  target_compile_options(newsmq_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
set(CMAKE_C_FLAGS_RELEASE "")
