namespace FlowKit.Clip.Models;

/// <summary>The files of a model; a model may lack a tower.</summary>
public sealed record ClipModelFiles
{
    /// <summary>The image tower, an ONNX graph.</summary>
    public ClipModelFile? Visual { get; init; }

    /// <summary>The text tower, an ONNX graph.</summary>
    public ClipModelFile? Textual { get; init; }

    /// <summary>The tokenizer: merges.txt, tokenizer.json or OpenAI's vocabulary.</summary>
    public ClipModelFile? Merges { get; init; }

    /// <summary>The vocab.json that goes with merges.txt.</summary>
    public ClipModelFile? Vocab { get; init; }

    /// <summary>The files there are.</summary>
    internal IEnumerable<ClipModelFile> All() => new[] { Visual, Textual, Merges, Vocab }.OfType<ClipModelFile>();
}
