# What Debian 12 has, found by pkg-config.
find_package(PkgConfig REQUIRED)
foreach(lib IN ITEMS libuv libcurl libxml-2.0 libzmq sqlite3 yaml-0.1 jansson libxxhash
                     libutf8proc libzstd zlib libcrypto libmicrohttpd libseccomp)
  string(REGEX REPLACE "^lib|-[0-9.]+$" "" short ${lib})
  pkg_check_modules(${short} REQUIRED IMPORTED_TARGET ${lib})
endforeach()
# PkgConfig::uv curl xml zmq sqlite3 yaml jansson xxhash utf8proc zstd zlib crypto microhttpd seccomp
