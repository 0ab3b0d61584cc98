using System.Globalization;
using System.Text.RegularExpressions;

namespace FlowKit.Simulate;

/// <summary>The time that one call of an executor takes: so much for the call and so much for each of its documents.</summary>
/// <param name="Call">Seconds of a call.</param>
/// <param name="Document">Seconds of a document.</param>
/// <param name="Variation">The standard deviation as a share of the mean; 0 for always the same, 1 for exponential times.</param>
internal sealed partial record Cost(double Call, double Document, double Variation)
{
    /// <summary>Reads <c>20</c>, <c>20+1.5</c> or <c>20+1.5~0.3</c>: milliseconds of a call, of a document, and the variation.</summary>
    /// <exception cref="FormatException">It is written otherwise.</exception>
    public static Cost Read(string written)
    {
        if (Form().Match(written) is not { Success: true } match)
        {
            throw new FormatException($"'{written}' is no cost: expected milliseconds as 20, 20+1.5 or 20+1.5~0.3");
        }

        return new Cost(Number(match, "call") / 1000, Number(match, "document") / 1000, Number(match, "variation"));
    }

    /// <summary>The mean seconds of a call with some documents.</summary>
    public double Mean(int documents) => Call + (Document * documents);

    /// <summary>Returns the cost of calls of which it is known how long they were to take and how long they took.</summary>
    /// <param name="calls">The seconds that each was to take and took.</param>
    public Cost Measured(IReadOnlyCollection<(double Asked, double Took)> calls)
    {
        if (calls.Count == 0)
        {
            return this;
        }

        // What a document costs is kept: only the part of the call is fitted.
        var off = calls.Average(call => call.Took) - calls.Average(call => Variation == 0 ? call.Asked : Mean(1));
        var mean = calls.Average(call => call.Took);
        var variance = calls.Average(call => Math.Pow(Variation == 0 ? call.Took - call.Asked : call.Took - mean, 2));
        return this with { Call = Call + off, Variation = Math.Sqrt(variance) / mean };
    }

    /// <summary>Draws the seconds of one call: from a gamma distribution, so that none is below zero.</summary>
    public double Draw(int documents, Random random)
    {
        var mean = Mean(documents);
        if (Variation == 0 || mean == 0)
        {
            return mean;
        }

        var shape = 1 / (Variation * Variation);
        return mean * Gamma(shape, random) / shape;
    }

    /// <summary>Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); below 1 by their boost.</summary>
    private static double Gamma(double shape, Random random)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1, random) * Math.Pow(random.NextDouble(), 1 / shape);
        }

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var v = Math.Pow(1 + (c * normal), 3);
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * normal * normal) + (d * (1 - v + Math.Log(v))))
            {
                return d * v;
            }
        }
    }

    private static double Number(Match match, string group) =>
        match.Groups[group] is { Success: true, Value: var text } ? double.Parse(text, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?<call>\d+(\.\d+)?)(\+(?<document>\d+(\.\d+)?))?(~(?<variation>\d+(\.\d+)?))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
