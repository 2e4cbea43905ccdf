# newsmq_embed(TARGET NAME FILE): the bytes of FILE as `const struct str NAME`.
function(newsmq_embed target name file)
  set(out ${CMAKE_BINARY_DIR}/embedded/${name}.c)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(0x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*x[^x]*,)" "\\1\n" bytes "${bytes}")
  file(CONFIGURE OUTPUT ${out} CONTENT
"/* Written by CMake from ${file}. */
#include \"newsmq/str.h\"

extern const struct str ${name};
static const unsigned char bytes[] = {
${bytes}};
const struct str ${name} = {(const char *)bytes, sizeof bytes};
" @ONLY)
  target_sources(${target} PRIVATE ${out})
endfunction()
