"""The trained tagger: characters to ids, BIOES tags, constrained decoding, the ONNX labeller."""

from workplan.tag.tagger.labeller import Tagger

__all__ = ["Tagger"]
