/// Flags and files, parsed once into records. Start reading at [io.thyra.config.ServerConfig].
@NullMarked
package io.thyra.config;

import org.jspecify.annotations.NullMarked;
