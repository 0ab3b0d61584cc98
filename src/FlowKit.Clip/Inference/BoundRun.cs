using Microsoft.ML.OnnxRuntime;

namespace FlowKit.Clip;

/// <summary>Inputs and output of one shape, bound to their memory.</summary>
/// <param name="Binding">The binding.</param>
/// <param name="Values">What it holds on to.</param>
/// <param name="OutputBytes">Bytes of the output.</param>
/// <param name="Dimension">Values per embedding.</param>
internal sealed record BoundRun(OrtIoBinding Binding, OrtValue[] Values, int OutputBytes, int Dimension) : IDisposable
{
    public void Dispose()
    {
        Binding.Dispose();
        foreach (var value in Values)
        {
            value.Dispose();
        }
    }
}
