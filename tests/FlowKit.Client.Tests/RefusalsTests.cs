using FlowKit.Wire;

namespace FlowKit.Client.Tests;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData("NotFound", FlowErrorCode.NotFound, null)]
    [InlineData("ValueError", FlowErrorCode.Internal, "ValueError")]
    [InlineData("17", FlowErrorCode.Internal, "17")]
    [InlineData("3", FlowErrorCode.Internal, "3")]
    [InlineData("", FlowErrorCode.Internal, "")]
    public void The_name_of_an_exception_is_a_code_only_when_it_is_spelt_as_one(string name, FlowErrorCode code, string? exception)
    {
        var error = Refusals.Of(new WireStatus(1, "", new WireException(name, [], [], "encoder")));

        Assert.Equal((code, exception, "encoder", "no reason given"), (error.Code, error.ExceptionName, error.Executor, error.Message));
    }

    [Fact]
    public void A_status_without_an_exception_is_internal_and_nobodys()
    {
        var error = Refusals.Of(new WireStatus(1, "it broke"));

        Assert.Equal((FlowErrorCode.Internal, null, null, "it broke"), (error.Code, error.ExceptionName, error.Executor, error.Message));
    }
}
