using EtcdMaint.Engine.Client;
using EtcdMaint.Engine.Membership;

namespace EtcdMaint.Engine.Tests.Membership;

public sealed class AlarmStringsTests
{
    [Theory]
    [InlineData("memberID:8040310014179858237 alarm:NOSPACE ", 8040310014179858237UL, EtcdAlarmType.NoSpace)]
    [InlineData("memberID:18446744073709551615 alarm:CORRUPT", ulong.MaxValue, EtcdAlarmType.Corrupt)]
    [InlineData("memberID: 5  alarm: NOSPACE", 5UL, EtcdAlarmType.NoSpace)]
    public void Reads_one_alarm_per_string_with_a_decimal_ID(string error, ulong id, EtcdAlarmType type) =>
        Assert.Equal([new ArmedAlarm(id, type)], AlarmStrings.Read([error]));

    [Theory]
    [InlineData("etcdserver: no leader")]
    [InlineData("memberID:5 alarm:NONE")]
    [InlineData("memberID:99999999999999999999 alarm:NOSPACE")]
    [InlineData("")]
    public void Other_errors_are_not_alarms(string error) => Assert.Empty(AlarmStrings.Read([error]));
}
