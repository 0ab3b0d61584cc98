using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip.Inference;

/// <summary>A call of a graph, bound to its input and output memory.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Values">The bound values, which must live as long as the binding.</param>
/// <param name="Count">Items.</param>
internal sealed record BoundPart(OrtIoBinding Binding, OrtValue[] Values, int Count) : IDisposable
{
    /// <summary>Ends this call alone.</summary>
    public RunOptions Options { get; } = new();

    public void Dispose()
    {
        Binding.Dispose();
        Options.Dispose();
        foreach (var value in Values)
        {
            value.Dispose();
        }
    }
}
