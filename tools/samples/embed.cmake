# Writes OUTPUT, a header that holds the FILES (relative to DIRECTORY) as raw string literals, in an
# array of the given name:
#   cmake -D DIRECTORY=… -D FILES="a;b" -D ARRAY=kFiles -D OUTPUT=… -P embed.cmake
set(entries "")
foreach(name IN LISTS FILES)
  file(READ "${DIRECTORY}/${name}" text)
  # Compilers read literals of 65,536 bytes at least; samples are to be read by people anyway.
  string(LENGTH "${text}" length)
  if(length GREATER 60000)
    message(FATAL_ERROR "${name} is too long to be embedded: ${length} bytes")
  endif()
  string(APPEND entries "    {\"${name}\", R\"sample(${text})sample\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by tools/samples/embed.cmake; do not edit.
#pragma once

#include \"absl/strings/string_view.h\"

namespace payfold {

struct EmbeddedFile {
  absl::string_view name;
  absl::string_view text;
};

inline constexpr EmbeddedFile ${ARRAY}[] = {
${entries}};

}  // namespace payfold
")
