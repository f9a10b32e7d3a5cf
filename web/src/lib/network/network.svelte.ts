/** The network as the coordinator keeps it: places, fleet, phones, and what is missing. */
import { api, told } from '#lib/api/client.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type {
	DeviceOut,
	DriverOut,
	EnrolmentOut,
	LinkShown,
	NetworkCheck,
	VehicleOut
} from '#lib/api/schema.d.ts';
import { places } from './places.svelte.ts';

export class NetworkDesk {
	check = $state.raw<NetworkCheck | null>(null);
	vehicles = $state.raw<VehicleOut[]>([]);
	drivers = $state.raw<DriverOut[]>([]);
	devices = $state.raw<DeviceOut[]>([]);
	problem = $state<Problem | null>(null);
	read = $state(false);

	async load(): Promise<void> {
		await this.tried(async () => {
			const [check, vehicles, drivers, devices] = await Promise.all([
				told(api.GET('/api/v1/network/check')),
				told(api.GET('/api/v1/vehicles')),
				told(api.GET('/api/v1/drivers')),
				told(api.GET('/api/v1/devices')),
				places.read()
			]);
			this.check = check;
			this.vehicles = vehicles.items;
			this.drivers = drivers.items;
			this.devices = devices.items.filter((one) => one.revoked_at === null);
			this.read = true;
		});
	}

	/** A code for one phone: for a driver's own, or, with null, for one that drivers share. */
	async enrol(driver: string | null): Promise<EnrolmentOut | null> {
		return this.tried(() => told(api.POST('/api/v1/devices/enrolments', { body: { driver } })));
	}

	async revoke(device: string): Promise<void> {
		await this.tried(() => told(api.DELETE('/api/v1/devices/{device}', { params: { path: { device } } })));
		await this.load();
	}

	/** A new personal link of a library, shown this once with its QR. */
	async link(site: string): Promise<LinkShown | null> {
		return this.tried(() =>
			told(api.POST('/api/v1/links', { body: { kind: 'library', subject: site, label: '' } }))
		);
	}

	private async tried<T>(what: () => Promise<T>): Promise<T | null> {
		try {
			const done = await what();
			this.problem = null;
			return done;
		} catch (thrown) {
			this.problem = asProblem(thrown);
			return null;
		}
	}
}
