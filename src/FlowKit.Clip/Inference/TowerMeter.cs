using System.Diagnostics.Metrics;

namespace FlowKit.Clip.Inference;

/// <summary>Counts the runs of one tower, and what they are given. Costs a comparison while nobody listens.</summary>
internal sealed class TowerMeter
{
    private static readonly Counter<long> s_calls = ClipMeter.Own.CreateCounter<long>(
        "flowkit.clip.model.calls", "{call}", "Runs of a model's tower.");

    private static readonly Counter<long> s_tokens = ClipMeter.Own.CreateCounter<long>(
        "flowkit.clip.tokens", "{token}", "Tokens of the texts that a text tower has run, padding left out.");

    private static readonly Counter<long> s_pixels = ClipMeter.Own.CreateCounter<long>(
        "flowkit.clip.pixels", "{pixel}", "Pixels of the pictures that an image tower has run.");

    private readonly KeyValuePair<string, object?> _model;
    private readonly KeyValuePair<string, object?> _tower;

    /// <param name="card">The model.</param>
    /// <param name="tower">The tower.</param>
    internal TowerMeter(ClipModelCard card, ClipTowers tower)
    {
        _model = new KeyValuePair<string, object?>("model", card.Name);
        _tower = new KeyValuePair<string, object?>("tower", tower == ClipTowers.Text ? "text" : "image");
    }

    /// <summary>Counts a run of texts.</summary>
    internal void Count(ReadOnlySpan<TokenizedText> texts)
    {
        s_calls.Add(1, _model, _tower);
        if (s_tokens.Enabled)
        {
            var tokens = 0L;
            foreach (var text in texts)
            {
                tokens += text.Length;
            }

            s_tokens.Add(tokens, _model);
        }
    }

    /// <summary>Counts a run of pictures.</summary>
    /// <param name="pixels">The pixels of them all.</param>
    internal void Count(long pixels)
    {
        s_calls.Add(1, _model, _tower);
        s_pixels.Add(pixels, _model);
    }
}
