import { describe, expect, test } from 'vitest';
import { appBench } from '../testing.ts';

const email = (Address: string, more: object = {}) => ({ ChannelType: 'EMAIL', Address, ...more });

describe('endpoints', () => {
  test('are made, changed part by part, shown and deleted', async () => {
    const { inApp, ApplicationId } = await appBench();
    const update = (EndpointRequest: object) => inApp('UpdateEndpoint', { EndpointId: 'e1', EndpointRequest });
    const first = email('a@example.com', { Attributes: { city: ['Seoul'], team: ['brook'] }, User: { UserId: 'u1' } });
    expect(await update(first)).toEqual({ MessageBody: { Message: 'Accepted', RequestID: 'request-4' } });
    await update({ Attributes: { city: ['Busan'], team: [] }, OptOut: 'ALL', Metrics: { visits: 3 } });
    const { EndpointResponse: endpoint } = await inApp('GetEndpoint', { EndpointId: 'e1' });
    expect(endpoint).toEqual({
      ApplicationId,
      Id: 'e1',
      Address: 'a@example.com',
      ChannelType: 'EMAIL',
      CohortId: expect.stringMatching(/^\d{1,2}$/),
      CreationDate: '2022-01-27T05:48:25.000Z',
      EffectiveDate: '2022-01-27T05:48:25.000Z',
      EndpointStatus: 'ACTIVE',
      OptOut: 'ALL',
      Attributes: { city: ['Busan'] },
      Metrics: { visits: 3 },
      User: { UserId: 'u1' },
    });
    await inApp('DeleteEndpoint', { EndpointId: 'e1' });
    await expect(inApp('GetEndpoint', { EndpointId: 'e1' })).rejects.toMatchObject({ message: 'Resource not found' });
    await expect(inApp('DeleteEndpoint', { EndpointId: 'e1' })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('of an address that another one gets are inactive', async () => {
    const { inApp } = await appBench();
    const Item = ['e1', 'e2'].map((Id) => ({ Id, ...email('same@example.com') }));
    await inApp('UpdateEndpointsBatch', { EndpointBatchRequest: { Item } });
    const status = async (EndpointId: string) =>
      (await inApp('GetEndpoint', { EndpointId })).EndpointResponse.EndpointStatus;
    expect([await status('e1'), await status('e2')]).toEqual(['INACTIVE', 'ACTIVE']);
  });

  test('of one user share the user’s attributes', async () => {
    const { inApp } = await appBench();
    const put = (EndpointId: string, UserAttributes?: object) =>
      inApp('UpdateEndpoint', {
        EndpointId,
        EndpointRequest: email(`${EndpointId}@example.com`, { User: { UserId: 'u', UserAttributes } }),
      });
    await put('e1', { name: ['지호'] });
    await put('e2', { name: ['Jiho'] });
    const { EndpointsResponse } = await inApp('GetUserEndpoints', { UserId: 'u' });
    expect(EndpointsResponse.Item.map(({ Id, User }: { Id: string; User: object }) => [Id, User])).toEqual([
      ['e1', { UserId: 'u', UserAttributes: { name: ['Jiho'] } }],
      ['e2', { UserId: 'u', UserAttributes: { name: ['Jiho'] } }],
    ]);
    await expect(inApp('GetUserEndpoints', { UserId: 'v' })).rejects.toMatchObject({ message: 'Resource not found' });
  });

  test.each([
    [{ ChannelType: 'PIGEON' }, 'Invalid ChannelType PIGEON'],
    [{ OptOut: 'SOME' }, 'Invalid OptOut SOME'],
    [{ EndpointStatus: 'GONE' }, 'Invalid EndpointStatus GONE'],
    [{ EffectiveDate: 'yesterday' }, 'Invalid EffectiveDate yesterday'],
  ])('with %j are refused', async (EndpointRequest, message) => {
    const { inApp } = await appBench();
    await expect(inApp('UpdateEndpoint', { EndpointId: 'e', EndpointRequest })).rejects.toMatchObject({ message });
  });

  test('come in batches of at most 100', async () => {
    const { inApp } = await appBench();
    const Item = Array.from({ length: 101 }, (_, n) => ({ Id: `e${n}`, ...email(`${n}@example.com`) }));
    const many = inApp('UpdateEndpointsBatch', { EndpointBatchRequest: { Item } });
    await expect(many).rejects.toMatchObject({ message: 'A request can have at most 100 endpoints' });
  });
});

describe('segments', () => {
  test('are made, shown, listed and deleted', async () => {
    const { inApp } = await appBench();
    const dimensions = { Demographic: { Channel: { DimensionType: 'INCLUSIVE', Values: ['EMAIL'] } } };
    const WriteSegmentRequest = { Name: 'mail', Dimensions: dimensions };
    const { SegmentResponse: segment } = await inApp('CreateSegment', { WriteSegmentRequest });
    expect(segment).toMatchObject({ Name: 'mail', Dimensions: dimensions, SegmentType: 'DIMENSIONAL', Version: 1 });
    expect(await inApp('GetSegments')).toEqual({ SegmentsResponse: { Item: [segment] } });
    expect(await inApp('DeleteSegment', { SegmentId: segment.Id })).toEqual({ SegmentResponse: segment });
    const gone = inApp('GetSegment', { SegmentId: segment.Id });
    await expect(gone).rejects.toMatchObject({ message: 'Resource not found' });
  });

  test.each([
    [
      { Dimensions: { Metrics: { visits: { ComparisonOperator: 'EQUAL', Value: 1 } } } },
      'Metrics of a segment’s dimensions',
    ],
    [{ Dimensions: { Behavior: { Recency: { Duration: 'DAY_7' } } } }, 'Behavior of a segment’s dimensions'],
    [{ Dimensions: { Demographic: { DeviceType: { Values: ['x'] } } } }, 'DeviceType of a segment’s Demographic'],
    [{ Dimensions: { Location: { GPSPoint: { RangeInKilometers: 1 } } } }, 'GPSPoint of a segment’s Location'],
    [{ Dimensions: { Attributes: { at: { AttributeType: 'BEFORE', Values: ['x'] } } } }, 'the AttributeType BEFORE'],
    [{ SegmentGroups: { Groups: [{ Type: 'ALL' }] } }, 'SegmentGroups of a segment'],
  ])('with %j are refused by name', async (WriteSegmentRequest, what) => {
    const { inApp } = await appBench();
    const message = `The Pinpoint emulator of naetmul does not support ${what}.`;
    await expect(inApp('CreateSegment', { WriteSegmentRequest })).rejects.toMatchObject({ message });
  });
});
