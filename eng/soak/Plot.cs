using System.Globalization;
using System.Text;

namespace FlowKit.Soak;

/// <summary>Draws memory over time as SVG.</summary>
internal static class Plot
{
    private const int Width = 800, Height = 300, Left = 60, Bottom = 30;

    /// <summary>Draws two lines.</summary>
    /// <param name="samples">Seconds since the start, and the bytes of the gateway and of its workers.</param>
    public static string Of(IReadOnlyList<(double Seconds, long Gateway, long Workers)> samples)
    {
        var last = Math.Max(1, samples.Max(sample => sample.Seconds));
        var top = Math.Max(1, samples.Max(sample => Math.Max(sample.Gateway, sample.Workers)) / 1048576.0 * 1.1);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        for (var tick = 0; tick <= 4; tick++)
        {
            var y = Y(top * tick / 4, top);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y:0} H{Width - 10}\" stroke=\"#ddd\"/><text x=\"5\" y=\"{y + 4:0}\">{top * tick / 4:0} MiB</text>");
            svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{X(last * tick / 4, last) - 12:0}\" y=\"{Height - 8}\">{last * tick / 4:0} s</text>");
        }

        Line(svg, samples.Select(sample => (X(sample.Seconds, last), Y(sample.Gateway / 1048576.0, top))), "#1f77b4", "gateway", 20);
        Line(svg, samples.Select(sample => (X(sample.Seconds, last), Y(sample.Workers / 1048576.0, top))), "#ff7f0e", "workers", 36);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, IEnumerable<(double X, double Y)> points, string colour, string name, int y)
    {
        var path = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.0},{point.Y:0.0}")));
        svg.AppendLine(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Width - 80}\" y=\"{y}\" fill=\"{colour}\">{name}</text>");
    }

    private static double X(double seconds, double last) => Left + (seconds / last * (Width - Left - 20));

    private static double Y(double mebibytes, double top) => Height - Bottom - (mebibytes / top * (Height - Bottom - 10));
}
