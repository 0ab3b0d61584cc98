using System.Globalization;
using System.Text.RegularExpressions;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A number of bytes: <c>1048576</c>, <c>64MiB</c> (1024²), <c>64MB</c> (1000²).</summary>
internal sealed partial class SizeParser : ScalarParser<long>
{
    private const long MaxBytes = 1L << 40;

    public SizeParser()
        : base("a size such as 1048576, 64MiB or 64MB, at most 1TiB")
    {
    }

    /// <summary>Reads a size; the others that sizes are part of ask here too.</summary>
    public static bool TryParse(string text, out long value)
    {
        value = 0;
        var match = Form().Match(text);
        if (!match.Success)
        {
            return false;
        }

        var thousand = match.Groups["binary"].Success ? 1024d : 1000d;
        var power = match.Groups["prefix"].Success
            ? "kmgt".IndexOf(char.ToLowerInvariant(match.Groups["prefix"].ValueSpan[0]), StringComparison.Ordinal) + 1
            : 0;
        var bytes = double.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * Math.Pow(thousand, power);
        value = bytes <= MaxBytes ? (long)bytes : 0;
        return value >= 1;
    }

    protected override bool TryParse(YamlScalar scalar, out long value) => TryParse(scalar.Value, out value);

    [GeneratedRegex(@"\A(?<number>[0-9]{1,15}(\.[0-9]{1,6})?) ?((?<prefix>[kKMGT])(?<binary>i)?)?B?\z")]
    private static partial Regex Form();
}
