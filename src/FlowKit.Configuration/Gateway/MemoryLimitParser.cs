using System.Globalization;
using FlowKit.Configuration.Schema;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Gateway;

/// <summary>A size, or a share in percent.</summary>
internal sealed class MemoryLimitParser() : ScalarParser<MemoryLimit>("a size such as 2GiB, at most 1TiB, or a share such as 50%")
{
    protected override bool TryParse(YamlScalar scalar, out MemoryLimit value)
    {
        value = default;
        if (scalar.Value.EndsWith('%'))
        {
            var isNumber = int.TryParse(scalar.Value.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent);
            value = MemoryLimit.OfShare(percent);
            return isNumber && percent is >= 1 and <= 100;
        }

        var isSize = SizeParser.TryParse(scalar.Value, out var bytes);
        value = MemoryLimit.OfBytes(bytes);
        return isSize;
    }
}
