#!/usr/bin/env bash
# Megabytes of text per second to ids, against Hugging Face's library.
# Usage: eng/bench/tokenizer.sh [turns]
exec "$(dirname "$0")/clip.sh" tokenizer @VOCABULARY "${1:-7}"
