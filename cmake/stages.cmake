# newsmq_library(NAME FOLDER [HOT] [KINDS kind…] links…): a static library of the .c files of
# FOLDER (not of the folders below it) and the tables of the kinds it holds.
# With HOT its code is made for speed (-O3).
# newsmq_program(NAME links…): a program whose main is NAME.c in this folder.
function(newsmq_library name folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "HOT" "" "KINDS;FOLDERS")
  file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c)
  foreach(more IN LISTS arg_FOLDERS)
    file(GLOB also CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${more}/*.c)
    list(APPEND found ${also})
  endforeach()
  list(FILTER found EXCLUDE REGEX "/newsmq-[a-z]+\\.c$") # mains
  foreach(kind IN LISTS arg_KINDS)
    list(APPEND found ${CMAKE_BINARY_DIR}/kinds/${kind}_table.c)
  endforeach()
  if(NOT found)
    add_library(newsmq_${name} INTERFACE)
    target_link_libraries(newsmq_${name} INTERFACE newsmq_flags ${arg_UNPARSED_ARGUMENTS})
    return()
  endif()
  add_library(newsmq_${name} STATIC ${found})
  set_target_properties(newsmq_${name} PROPERTIES NEWSMQ_HOT "${arg_HOT}")
  target_link_libraries(newsmq_${name} PUBLIC newsmq_flags ${arg_UNPARSED_ARGUMENTS})
  target_include_directories(newsmq_${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
endfunction()

function(newsmq_program name)
  if(NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.c)
    return()
  endif()
  add_executable(${name} ${name}.c)
  target_link_libraries(${name} PRIVATE newsmq_flags ${ARGN})
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# newsmq_data_folder(NAME FOLDER): a folder that programs find with os_data_path("NAME/…"), here
# beside the programs of the build and, installed, under share/newsmq.
function(newsmq_data_folder name folder)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/newsmq)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder} ${CMAKE_BINARY_DIR}/share/newsmq/${name}
       SYMBOLIC)
  install(DIRECTORY ${folder}/ DESTINATION ${CMAKE_INSTALL_DATADIR}/newsmq/${name})
endfunction()
