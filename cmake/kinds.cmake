# newsmq_kinds(KIND HEADER FOLDER name…): writes KIND_table.c, a NULL-terminated table of
# `extern const struct KIND KIND_name`, each defined in FOLDER/name.c. Dashes in a name
# become underscores. A library takes the table in with KINDS (cmake/stages.cmake).
function(newsmq_kinds kind header folder)
  set(externs "")
  set(entries "")
  foreach(name IN LISTS ARGN)
    string(REPLACE "-" "_" symbol ${name})
    string(APPEND externs "extern const struct ${kind} ${kind}_${symbol};\n")
    string(APPEND entries "    &${kind}_${symbol},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/kinds/${kind}_table.c CONTENT
"/* Written by CMake from the list of kinds. */
#include <stddef.h>
#include \"${header}\"

${externs}
const struct ${kind} *const ${kind}s[] = {
${entries}    NULL,
};
" @ONLY)
endfunction()
