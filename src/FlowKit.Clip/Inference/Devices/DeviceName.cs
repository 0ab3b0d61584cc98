using System.Globalization;

namespace FlowKit.Clip.Inference.Devices;

/// <summary>A device by its kind and number.</summary>
/// <param name="Kind"><c>cpu</c>, <c>cuda</c> or <c>tensorrt</c>.</param>
/// <param name="Number">Which of them, from 0.</param>
internal readonly record struct DeviceName(string Kind, int Number)
{
    /// <summary>Reads <c>cpu</c>, <c>cuda:1</c> and the like.</summary>
    /// <exception cref="FlowKitException">Another text.</exception>
    internal static DeviceName Parse(string device)
    {
        var colon = device.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? device : device[..colon];
        var number = 0;
        var isKnown = kind is "cuda" or "tensorrt"
            ? colon < 0 || int.TryParse(device.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            : device == "cpu";
        return isKnown
            ? new DeviceName(kind, number)
            : throw new FlowKitException(
                FlowErrorCode.InvalidArgument,
                $"The device is '{device}'; expected cpu, cuda, cuda:N, tensorrt or tensorrt:N.");
    }

    /// <inheritdoc/>
    public override string ToString() => Kind == "cpu" ? Kind : $"{Kind}:{Number}";
}
