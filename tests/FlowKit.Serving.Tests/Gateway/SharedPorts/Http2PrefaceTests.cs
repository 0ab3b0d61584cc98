using System.Buffers;
using System.Text;

namespace FlowKit.Serving.Gateway.SharedPorts;

public sealed class Http2PrefaceTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    [Theory]
    [InlineData("", null)]
    [InlineData("P", null)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r", null)]
    [InlineData(Preface, true)]
    [InlineData(Preface + "more", true)]
    [InlineData("G", false)]
    [InlineData("PO", false)]
    [InlineData("PRI * HTTP/1.1\r\n", false)]
    [InlineData("pri * HTTP/2.0\r\n\r\nSM\r\n\r\n", false)]
    public void The_first_byte_that_differs_decides(string arrived, bool? expected) =>
        Assert.Equal(expected, Http2Preface.Matches(new ReadOnlySequence<byte>(Encoding.ASCII.GetBytes(arrived))));
}
