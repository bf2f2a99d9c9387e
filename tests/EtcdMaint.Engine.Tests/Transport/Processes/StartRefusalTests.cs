using System.ComponentModel;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Tests.Transport.Processes;

/// <summary>Why the system does not start a program.</summary>
public sealed class StartRefusalTests
{
    [Theory]
    [InlineData(5, true, true)]
    [InlineData(1260, true, true)]
    [InlineData(2, true, false)]
    [InlineData(193, true, false)]
    [InlineData(1, false, true)]
    [InlineData(13, false, true)]
    [InlineData(2, false, false)]
    [InlineData(8, false, false)]
    public void A_missing_or_damaged_file_does_not_concern_all_programs(int code, bool isWindows, bool concernsAll) =>
        Assert.Equal(concernsAll, StartRefusal.ConcernsAllPrograms(new Win32Exception(code), isWindows));

    [Fact]
    public void A_program_that_was_not_found_does_not_concern_all_programs() =>
        Assert.False(StartRefusal.ConcernsAllPrograms(null, isWindows: true));

    [Fact]
    public void A_system_that_starts_no_process_and_gives_no_error_concerns_all_programs() =>
        Assert.True(
            StartRefusal.ConcernsAllPrograms(
                Assert.Throws<PlatformNotSupportedException>(() => ChildProcess.Started(null)),
                isWindows: true
            )
        );
}
