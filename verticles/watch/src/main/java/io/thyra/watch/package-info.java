/// Watch fan-out: a cursor for each watcher at its client's pace, one encoding for each event and form however many watchers
/// there are, bookmarks. Start reading at [io.thyra.watch.WatchSession].
@NullMarked
package io.thyra.watch;

import org.jspecify.annotations.NullMarked;
