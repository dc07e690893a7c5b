"""Files of others and our own: opening and replacing them, strict JSON, text, and the layout of named arrays.

reading.py      opening files: never without end, never more than fits into memory
atomic.py       writing a file whole or not at all
text.py         bytes, UTF-8, and words that know their line
strict_json.py  JSON from others
tensors.py      named arrays behind a header, as safetensors has them
mark.py         the words by which a file is known as ours
shipped.py      the problem files that come with btfnet
"""
