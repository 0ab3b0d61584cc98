using System.Globalization;
using FlowKit.Configuration.Yaml;

namespace FlowKit.Configuration.Schema;

/// <summary>A decimal number within limits; quotes do not matter, as in Jina.</summary>
/// <param name="min">The smallest.</param>
/// <param name="max">The largest.</param>
internal sealed class NumberParser(double min, double max)
    : ScalarParser<double>(string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"))
{
    protected override bool TryParse(YamlScalar scalar, out double value) =>
        double.TryParse(
            scalar.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
        && value >= min
        && value <= max;
}
